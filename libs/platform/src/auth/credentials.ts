import { hash } from 'node:crypto';
import { ALL_SCOPES, type Scope } from '@comanda/contracts';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { PlatformConfig } from '../config.js';
import { Refusal } from '../refusal.js';
import { deriveKey, sameText } from '../secrets.js';
import { hashApiKey, parseApiKey } from './api-key.js';
import type { Caller } from './caller.js';
import { readServiceToken, serviceTokenKey } from './service-token.js';

/** A key as a service's own copy holds it. */
export interface KnownKey {
  readonly id: string;
  readonly organizationId: string;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly locations: readonly string[] | null;
  readonly ratePerSecond: number | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Looks a key up by its id, over all organizations: the key says which organization it belongs to. */
export type FindKey = (id: string) => Promise<KnownKey | undefined>;

/** Tells who a request's credential stands for. */
export class Credentials {
  readonly #pepper: Buffer;
  readonly #serviceTokens: Buffer;
  readonly #cache = new Map<string, CachedKey>();
  /** Who showed a right key, by its SHA-256: worth as much as what was looked up of the key then. */
  readonly #shown = new Map<string, { looked: CachedKey; key: KnownKey; caller: Caller }>();
  readonly #jwks: (() => Promise<JWTVerifyGetKey>) | undefined;

  constructor(
    private readonly config: PlatformConfig,
    private readonly findKey: FindKey,
  ) {
    this.#pepper = apiKeyPepper(config.COMANDA_SECRET);
    this.#serviceTokens = serviceTokenKey(config.COMANDA_SECRET);
    this.#jwks = config.JWT_ISSUER ? keySetOf(config) : undefined;
  }

  /**
   * @param authorization the header's value
   * @throws Refusal `credential_missing`, `credential_invalid`; `unavailable` while the issuer of a token is away
   */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    const token = tokenIn(authorization);
    if (!token) throw new Refusal('credential_missing', 'Send an API key or token: "Authorization: Bearer …".');
    if (token.startsWith('cms_')) return this.#callerOfService(token);
    return token.startsWith('cmd_') ? this.#callerOfKey(token) : this.#callerOfToken(token);
  }

  /** Who a key stands for that was shown and found right within the last second; `undefined` says nothing. */
  proven(authorization: string | undefined): Caller | undefined {
    return this.#shownBefore(hash('sha256', tokenIn(authorization) ?? '', DIGEST));
  }

  /** Forgets what is cached of a key, so that its change counts at once. */
  forget(keyId: string): void {
    this.#cache.delete(keyId);
  }

  async #callerOfKey(text: string): Promise<Caller> {
    const digest = hash('sha256', text, DIGEST);
    const before = this.#shownBefore(digest);
    if (before) return before;
    const parsed = parseApiKey(text);
    const looked = parsed && this.#find(parsed.id);
    const key = await looked?.key;
    if (!looked || !key || !sameText(key.hash, hashApiKey(this.#pepper, text)) || key.revokedAt || isExpired(key))
      throw invalid();
    const caller: Caller = {
      organizationId: key.organizationId,
      id: key.id,
      kind: 'key',
      scopes: new Set(key.scopes as Scope[]),
      locations: key.locations && new Set(key.locations),
      ratePerSecond: key.ratePerSecond,
    };
    if (this.#shown.size >= MAX_CACHED) this.#shown.clear();
    this.#shown.set(digest, { looked, key, caller });
    return caller;
  }

  #shownBefore(digest: string): Caller | undefined {
    const shown = this.#shown.get(digest);
    return shown && this.#isCurrent(shown.key.id, shown.looked) && !isExpired(shown.key) ? shown.caller : undefined;
  }

  /** What is cached is the look-up itself, so that many requests with one key share it. */
  #find(id: string): CachedKey {
    const cached = this.#cache.get(id);
    if (cached && this.#isCurrent(id, cached)) return cached;
    const found = { key: this.findKey(id), until: performance.now() + CACHED_FOR };
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    this.#cache.set(id, found);
    found.key.catch(() => this.#cache.get(id) === found && this.#cache.delete(id));
    return found;
  }

  #isCurrent(id: string, looked: CachedKey): boolean {
    return this.#cache.get(id) === looked && looked.until > performance.now();
  }

  #callerOfService(token: string): Caller {
    const claims = readServiceToken(this.#serviceTokens, token);
    if (!claims) throw invalid();
    return {
      organizationId: claims.organizationId,
      id: `service:${claims.service}`,
      kind: 'token',
      scopes: new Set(claims.scopes),
      locations: null,
      ratePerSecond: null,
    };
  }

  async #callerOfToken(token: string): Promise<Caller> {
    if (!this.#jwks) throw invalid();
    const { JWT_AUDIENCE, JWT_ISSUER, JWT_CLAIM_ORGANIZATION, JWT_CLAIM_SCOPE, JWT_CLAIM_LOCATIONS } = this.config;
    const claims = await verify(token, this.#jwks, {
      ...(JWT_ISSUER && { issuer: JWT_ISSUER }),
      ...(JWT_AUDIENCE && { audience: JWT_AUDIENCE }),
    });
    const organizationId = claims[JWT_CLAIM_ORGANIZATION];
    if (typeof organizationId !== 'string' || !UUID.test(organizationId)) throw invalid();
    return {
      organizationId: organizationId.toLowerCase(),
      id: claims.sub ?? 'token',
      kind: 'token',
      scopes: new Set(words(claims[JWT_CLAIM_SCOPE]).filter(isScope)),
      locations:
        claims[JWT_CLAIM_LOCATIONS] === undefined
          ? null
          : new Set(words(claims[JWT_CLAIM_LOCATIONS]).map((id) => id.toLowerCase())),
      ratePerSecond: this.config.RATE_LIMIT_PER_SECOND,
    };
  }
}

/** A look-up of a key, and until when what it found is believed. */
interface CachedKey {
  readonly key: Promise<KnownKey | undefined>;
  readonly until: number;
}

const DIGEST = 'base64url';
const tokenIn = (authorization = ''): string | undefined => /^Bearer +(\S+)$/i.exec(authorization)?.[1];
const isExpired = ({ expiresAt }: KnownKey): boolean => expiresAt !== null && expiresAt <= new Date();

/** The key that API keys are hashed with; identity stores with it, every service compares with it. */
export const apiKeyPepper = (rootSecret: string): Buffer => deriveKey(rootSecret, 'api-keys');

// A revoked key must be refused everywhere within 5 s: 1 s for the event to arrive, 1 s here in each process, the rest in hand.
const CACHED_FOR = 1_000;
const MAX_CACHED = 10_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const invalid = (): Refusal => new Refusal('credential_invalid', 'The credential is unknown, expired or revoked.');
const isScope = (word: string): word is Scope => (ALL_SCOPES as string[]).includes(word);

/** OAuth writes a list as words in one string (RFC 8693, 4.2); some issuers write an array. */
function words(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter(Boolean);
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

async function verify(
  token: string,
  keys: () => Promise<JWTVerifyGetKey>,
  expected: { issuer?: string; audience?: string },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, await keys(), {
      ...expected,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      clockTolerance: 30,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    if (isIssuersFault(error))
      throw new Refusal('unavailable', 'The token issuer cannot be reached.', {}, { retryAfter: 5, cause: error });
    if (error instanceof errors.JOSEError) throw invalid();
    throw error;
  }
}

/** The issuer is away, or answers with something else than its keys: no fault of the caller's. */
const isIssuersFault = (error: unknown): boolean =>
  error instanceof IssuerFault ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  (error instanceof errors.JOSEError && error.code === errors.JOSEError.code) ||
  (error instanceof TypeError && error.message === 'fetch failed');

class IssuerFault extends Error {}

/** The issuer's keys, from the configured address or from its discovery document. An issuer that is away is asked again. */
function keySetOf(config: PlatformConfig): () => Promise<JWTVerifyGetKey> {
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(config.JWT_JWKS_URL ?? (await discover(config.JWT_ISSUER ?? ''))), {
      timeoutDuration: ISSUER_PATIENCE,
    });
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return () =>
    (keys ??= open().catch((error: unknown) => {
      keys = undefined;
      throw error;
    }));
}

/** Where an issuer's keys are, as it says itself (OpenID Connect Discovery 1.0, 4). */
async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ISSUER_PATIENCE) });
    const said = Discovery.parse(await response.json());
    if (said.issuer !== issuer) throw new Error(`It is that of ${said.issuer}.`);
    return said.jwks_uri;
  } catch (error) {
    throw new IssuerFault(`There is no discovery document at ${address}.`, { cause: error });
  }
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
/** Milliseconds. */
const ISSUER_PATIENCE = 3_000;
