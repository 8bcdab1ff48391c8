import { describe, expect, test } from 'vitest';
import { PlatformConfig } from '../config.js';
import { Credentials } from './credentials.js';
import { mintServiceToken, readServiceToken, serviceTokenKey } from './service-token.js';

const SECRET = 'the root secret of this installation';
const claims = {
  organizationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
  scopes: ['catalog:read' as const],
  service: 'orders' as const,
};
const noon = new Date('2026-03-06T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);

describe('a service token', () => {
  const key = serviceTokenKey(SECRET);
  const token = mintServiceToken(SECRET, claims, noon);

  test('says which service asks, for which organization, and for what', () => {
    expect(readServiceToken(key, token, later(1))).toEqual(claims);
  });

  test('is good for a minute and no longer', () => {
    expect(readServiceToken(key, token, later(59))).toEqual(claims);
    expect(readServiceToken(key, token, later(60))).toBeUndefined();
  });

  test('is worth nothing where the root secret is another', () => {
    expect(readServiceToken(serviceTokenKey('the root secret of somebody else'), token, noon)).toBeUndefined();
  });

  test.each([
    ['whose claims were changed', token.replace(/^cms_./, 'cms_f')],
    ['whose signature was cut', token.slice(0, -1)],
    ['without a signature', token.slice(0, -44)],
    ['without claims', `cms__${token.slice(-43)}`],
  ])('%s is no token', (_, text) => {
    expect(text).not.toBe(token);
    expect(readServiceToken(key, text, noon)).toBeUndefined();
  });
});

describe('a request with a service token', () => {
  const credentials = new Credentials(PlatformConfig.parse({ COMANDA_SECRET: SECRET }), () =>
    Promise.reject(new Error('No key is looked up for a service token.')),
  );

  test('is made in the name of the organization, without a limit of rate or location', async () => {
    expect(await credentials.callerOf(`Bearer ${mintServiceToken(SECRET, claims)}`)).toEqual({
      organizationId: claims.organizationId,
      id: 'service:orders',
      kind: 'token',
      scopes: new Set(['catalog:read']),
      locations: null,
      ratePerSecond: null,
    });
  });

  test('is refused when the token is another installation’s, or has expired', async () => {
    for (const token of [
      mintServiceToken('the root secret of somebody else', claims),
      mintServiceToken(SECRET, claims, noon),
    ])
      await expect(credentials.callerOf(`Bearer ${token}`)).rejects.toMatchObject({ code: 'credential_invalid' });
  });
});
