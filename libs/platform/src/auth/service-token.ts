import { Scope, SERVICES } from '@comanda/contracts';
import { z } from 'zod';
import { deriveKey, keyedHash, sameText } from '../secrets.js';

/** What a service may do in another's name: read one organization's data, for the length of a call. */
const Claims = z.object({
  organizationId: z.uuid(),
  scopes: z.array(Scope),
  service: z.enum(SERVICES),
  /** Seconds since 1970. */
  expiresAt: z.int(),
});
export type ServiceClaims = Omit<z.output<typeof Claims>, 'expiresAt'>;

/**
 * Makes the credential that one service shows another: `cms_<claims>_<mac>`, good for a minute, in every service of the
 * installation that shares the root secret. Send it as `Authorization: Bearer …`; make a new one for each call.
 */
export function mintServiceToken(rootSecret: string, claims: ServiceClaims, now: Date = new Date()): string {
  const expiresAt = Math.floor(now.getTime() / 1000) + LIFETIME;
  const payload = Buffer.from(JSON.stringify({ ...claims, expiresAt })).toString('base64url');
  return `cms_${payload}_${keyedHash(serviceTokenKey(rootSecret), payload)}`;
}

/** Reads a token back; `undefined` for one that has expired, or that nobody with the root secret made. */
export function readServiceToken(key: Buffer, text: string, now: Date = new Date()): ServiceClaims | undefined {
  const [, payload = '', mac = ''] = TOKEN.exec(text) ?? [];
  if (!sameText(mac, keyedHash(key, payload))) return undefined;
  // The signature is ours, so this is JSON; but a newer release may say more in it than we know.
  const { data } = Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  if (!data || data.expiresAt * 1000 <= now.getTime()) return undefined;
  const { expiresAt: _, ...claims } = data;
  return claims;
}

/** The key that service tokens are signed with. */
export const serviceTokenKey = (rootSecret: string): Buffer => deriveKey(rootSecret, 'service-tokens');

const LIFETIME = 60;
// The alphabet of base64url has the underscore too: what tells the parts apart is the length of the last.
const TOKEN = /^cms_([A-Za-z0-9_-]+)_([A-Za-z0-9_-]{43})$/;
