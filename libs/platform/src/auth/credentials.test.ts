import { base64url, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { PlatformConfig, readConfig } from '../config.js';
import { newId } from '../ids.js';
import { Refusal } from '../refusal.js';
import { SECRET } from '../testing/checks-database.js';
import { type Issuer, openIssuer } from '../testing/issuer.js';
import { hashApiKey, mintApiKey } from './api-key.js';
import { requireLocation, requireScope } from './caller.js';
import { apiKeyPepper, Credentials, type FindKey, type KnownKey } from './credentials.js';

const nobody: FindKey = () => Promise.resolve(undefined);
const credentialsWith = (findKey: FindKey, environment: NodeJS.ProcessEnv = {}) =>
  new Credentials(readConfig(PlatformConfig, { COMANDA_SECRET: SECRET, ...environment }), findKey);

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'let in',
    (error: unknown) => {
      if (error instanceof Refusal) return error.code;
      throw error;
    },
  );

describe('an authorization', () => {
  test.each([[undefined], [''], ['Basic YTpi'], ['Bearer'], ['Bearer '], ['cmd_live_1'], ['Bearer a b']])(
    '%s is missing',
    async (header) => {
      expect(await codeOf(credentialsWith(nobody).callerOf(header))).toBe('credential_missing');
    },
  );

  test.each(['cmd_live_1', 'cms_1_2', 'e30.e30.e30', '\u0000'])('Bearer %s is invalid', async (token) => {
    expect(await codeOf(credentialsWith(nobody).callerOf(`Bearer ${token}`))).toBe('credential_invalid');
  });
});

describe('an API key', () => {
  const organizationId = newId();

  /** A key, and credentials that know it with these changes. */
  function known(changes: Partial<KnownKey> = {}) {
    const { text, id } = mintApiKey(newId(), 'test');
    const key: KnownKey = {
      id,
      organizationId,
      hash: hashApiKey(apiKeyPepper(SECRET), text),
      scopes: ['orders:write'],
      locations: ['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'],
      ratePerSecond: 7,
      expiresAt: null,
      revokedAt: null,
      ...changes,
    };
    const stored = { key: key as KnownKey | undefined };
    let lookUps = 0;
    const credentials = credentialsWith((asked) => {
      lookUps++;
      return Promise.resolve(asked === id ? stored.key : undefined);
    });
    return { id, stored, lookUps: () => lookUps, credentials, ask: () => credentials.callerOf(`Bearer ${text}`), text };
  }

  test('stands for its organization, with its scopes, locations and limit', async () => {
    const { ask, id } = known();
    const caller = await ask();
    expect(caller).toEqual({
      organizationId,
      id,
      kind: 'key',
      scopes: new Set(['orders:write']),
      locations: new Set(['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b']),
      ratePerSecond: 7,
    });
    expect(() => requireScope(caller, 'orders:write')).not.toThrow();
    expect(() => requireScope(caller, 'orders:read')).toThrow('lacks the scope orders:read');
    expect(() => requireLocation(caller, '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b')).not.toThrow();
    expect(() => requireLocation(caller, newId())).toThrow('not valid for this location');
  });

  test.each([
    ['unknown', undefined],
    ['revoked', { revokedAt: new Date() }],
    ['expired', { expiresAt: new Date(Date.now() - 1) }],
    ['with another secret', { hash: hashApiKey(apiKeyPepper(SECRET), 'another') }],
    ['hashed for another installation', { hash: hashApiKey(apiKeyPepper('another secret'), 'cmd') }],
  ])('that is %s is refused', async (_, changes) => {
    const { ask, stored } = known(changes);
    if (!changes) stored.key = undefined;
    expect(await codeOf(ask())).toBe('credential_invalid');
  });

  test('that expires later is let in, for all locations where it names none', async () => {
    const caller = await known({ expiresAt: new Date(Date.now() + 60_000), locations: null }).ask();
    expect(() => requireLocation(caller, newId())).not.toThrow();
  });

  test('is looked up once for many requests at a time, and forgotten when told', async () => {
    const { ask, id, stored, lookUps, credentials } = known();
    await Promise.all(Array.from({ length: 100 }, ask));
    expect(lookUps()).toBe(1);
    stored.key = undefined;
    credentials.forget(id);
    expect(await codeOf(ask())).toBe('credential_invalid');
  });

  test('that was changed while it was being looked up is looked up again', async () => {
    const { text, id } = mintApiKey(newId(), 'test');
    const answers = [Promise.withResolvers<KnownKey | undefined>(), Promise.withResolvers<KnownKey | undefined>()];
    let lookUps = 0;
    const credentials = credentialsWith(() => answers[lookUps++]?.promise ?? Promise.resolve(undefined));
    const first = codeOf(credentials.callerOf(`Bearer ${text}`));
    credentials.forget(id);
    const second = codeOf(credentials.callerOf(`Bearer ${text}`));
    for (const { resolve } of answers) resolve(undefined);
    expect([await first, await second, lookUps]).toEqual(['credential_invalid', 'credential_invalid', 2]);
  });

  test('is looked up again when the database failed', async () => {
    const { text } = mintApiKey(newId(), 'test');
    let lookUps = 0;
    const credentials = credentialsWith(() =>
      ++lookUps === 1 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve(undefined),
    );
    await expect(credentials.callerOf(`Bearer ${text}`)).rejects.toThrow('ECONNREFUSED');
    expect(await codeOf(credentials.callerOf(`Bearer ${text}`))).toBe('credential_invalid');
  });

  test('that only looks like one is not looked up at all', async () => {
    const { text, lookUps, credentials } = known();
    expect(await codeOf(credentials.callerOf(`Bearer ${text.slice(0, -1)}x`))).toBe('credential_invalid');
    expect(lookUps()).toBe(0);
  });
});

describe('a token', () => {
  const ORG = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
  const good: Record<string, unknown> = { sub: 'ada', org: ORG, scope: 'orders:read orders:write' };
  const trusting = (issuer: Issuer, settings: NodeJS.ProcessEnv = {}) =>
    credentialsWith(nobody, { JWT_ISSUER: issuer.url, JWT_AUDIENCE: 'comanda', ...settings });
  const soon = Math.floor(Date.now() / 1000);

  test('of the configured issuer stands for its organization, with the scopes that there are', async () => {
    const issuer = await openIssuer();
    const token = await issuer.sign({
      ...good,
      org: ORG.toUpperCase(),
      scope: 'orders:read openid',
      locations: [ORG.toUpperCase()],
    });
    expect(await trusting(issuer).callerOf(`Bearer ${token}`)).toEqual({
      organizationId: ORG,
      id: 'ada',
      kind: 'token',
      scopes: new Set(['orders:read']),
      locations: new Set([ORG]),
      ratePerSecond: 100,
    });
  });

  test('may write scopes as words or as a list, and may leave locations out for all of them', async () => {
    const issuer = await openIssuer();
    const token = await issuer.sign({ ...good, scope: ['orders:read', 7, 'payments:read'] });
    const caller = await trusting(issuer).callerOf(`bearer  ${token}`);
    expect([caller.scopes, caller.locations]).toEqual([new Set(['orders:read', 'payments:read']), null]);
  });

  test('may have its claims under names of the issuer', async () => {
    const issuer = await openIssuer();
    const names = {
      JWT_CLAIM_ORGANIZATION: 'https://chain.example/org',
      JWT_CLAIM_SCOPE: 'permissions',
      JWT_CLAIM_LOCATIONS: 'stores',
    };
    const token = await issuer.sign({
      'https://chain.example/org': ORG,
      permissions: ['orders:read'],
      stores: ORG,
      org: newId(),
    });
    expect(await trusting(issuer, names).callerOf(`Bearer ${token}`)).toMatchObject({
      organizationId: ORG,
      scopes: new Set(['orders:read']),
      locations: new Set([ORG]),
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['has expired', { exp: soon - 31 }],
    ['does not expire', { exp: undefined }],
    ['is not yet good', { nbf: soon + 60 }],
    ['was made for somebody else', { aud: 'another' }],
    ['was made for nobody', { aud: undefined }],
    ['was made by somebody else', { iss: 'https://issuer.example' }],
    ['names no organization', { org: undefined }],
    ['names something else than an organization', { org: 'pizza place' }],
    ['names several organizations', { org: [ORG] }],
  ])('that %s is refused', async (_, claims) => {
    const issuer = await openIssuer();
    expect(await codeOf(trusting(issuer).callerOf(`Bearer ${await issuer.sign({ ...good, ...claims })}`))).toBe(
      'credential_invalid',
    );
  });

  test('that expired within half a minute is let in: clocks differ', async () => {
    const issuer = await openIssuer();
    expect(await codeOf(trusting(issuer).callerOf(`Bearer ${await issuer.sign({ ...good, exp: soon - 10 })}`))).toBe(
      'let in',
    );
  });

  test('that nobody signed, or that was changed, is refused', async () => {
    const issuer = await openIssuer();
    const claims = { ...good, iss: issuer.url, aud: 'comanda', exp: soon + 60 };
    const [header, , signature] = (await issuer.sign(good)).split('.');
    const changed = [header, base64url.encode(JSON.stringify({ ...claims, org: newId() })), signature].join('.');
    for (const token of [new UnsecuredJWT(claims).encode(), changed, `${header}..${signature}`])
      expect(await codeOf(trusting(issuer).callerOf(`Bearer ${token}`))).toBe('credential_invalid');
  });

  test('signed with a key that the issuer does not have is refused', async () => {
    const [issuer, impostor] = [await openIssuer(), await openIssuer()];
    const forged = { ...good, iss: issuer.url };
    for (const header of [{}, { kid: 'key 9' }])
      expect(await codeOf(trusting(issuer).callerOf(`Bearer ${await impostor.sign(forged, header)}`))).toBe(
        'credential_invalid',
      );
  });

  test('is refused where no issuer is configured', async () => {
    const issuer = await openIssuer();
    expect(await codeOf(credentialsWith(nobody).callerOf(`Bearer ${await issuer.sign(good)}`))).toBe(
      'credential_invalid',
    );
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });

  test('costs the issuer one question, not one a request', async () => {
    const issuer = await openIssuer();
    const credentials = trusting(issuer);
    const token = await issuer.sign(good);
    await Promise.all(Array.from({ length: 20 }, () => credentials.callerOf(`Bearer ${token}`)));
    expect(issuer.asked).toEqual({ discovery: 1, keys: 1 });
  });

  test('can be checked by keys at an address of their own, without discovery', async () => {
    const issuer = await openIssuer();
    const credentials = trusting(issuer, { JWT_ISSUER: 'https://issuer.example', JWT_JWKS_URL: `${issuer.url}/keys` });
    const token = await issuer.sign({ ...good, iss: 'https://issuer.example' });
    expect(await codeOf(credentials.callerOf(`Bearer ${token}`))).toBe('let in');
    expect(issuer.asked.discovery).toBe(0);
  });

  describe('whose issuer', () => {
    test.each<[string, Issuer['answer']]>([
      ['is away', (request) => request.destroy()],
      ['fails', (_, response) => response.writeHead(500).end('{}')],
      ['shows a page', (_, response) => response.end('<html>')],
      ['says nothing of use', (_, response) => response.end('{"keys":"none"}')],
      [
        'is somebody else',
        (_, response) => response.end('{"issuer":"https://other.example","jwks_uri":"https://other.example/keys"}'),
      ],
    ])('%s is neither let in nor refused, but asked to come back', async (_, answer) => {
      const issuer = await openIssuer();
      const token = await issuer.sign(good);
      for (const settings of [{}, { JWT_JWKS_URL: `${issuer.url}/keys` }]) {
        const credentials = trusting(issuer, settings);
        issuer.answer = answer;
        const refusal = await credentials.callerOf(`Bearer ${token}`).catch((error: unknown) => error);
        expect(refusal).toMatchObject({ code: 'unavailable', retryAfter: 5 });
        issuer.answer = undefined;
        expect(await codeOf(credentials.callerOf(`Bearer ${token}`))).toBe('let in');
      }
    });

    test('is away after its keys were read is let in', async () => {
      const issuer = await openIssuer();
      const credentials = trusting(issuer);
      const token = await issuer.sign(good);
      await credentials.callerOf(`Bearer ${token}`);
      issuer.answer = (request) => request.destroy();
      expect(await codeOf(credentials.callerOf(`Bearer ${token}`))).toBe('let in');
    });
  });
});
