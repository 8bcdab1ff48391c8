import { describe, expect, test } from 'vitest';
import { redactAll, redactor, secretsIn } from './redact.js';

const redact = redactor([]);

describe('what looks like a secret is taken out, whoever wrote it', () => {
  test.each([
    ['a log-in in a URL', 'at postgres://orders:hunter2@db:5432/orders', 'at postgres://[redacted]@db:5432/orders'],
    ['a bearer token', 'authorization: Bearer abcdef.123456', 'authorization: [redacted] [redacted]'],
    [
      'an API key of ours',
      `key cmd_test_${'0a'.repeat(16)}_${'1b'.repeat(24)}_0011aabb is wrong`,
      'key [redacted] is wrong',
    ],
    ['a key of a provider', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc', '[redacted]'],
    ['the secret of a webhook', 'whsec_c2VjcmV0c2VjcmV0', '[redacted]'],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '[redacted]'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', '[redacted]'],
    ['a field that is called so', `{"password":"open sesame"}`, `{"password":"[redacted]"}`],
    ['a guest’s address', 'ada@example.com has eaten here', '[redacted] has eaten here'],
    ['a card number', 'declined 4242 4242 4242 4242 again', 'declined [redacted] again'],
    ['a phone number', 'call +49 30 901820123', 'call [redacted]'],
  ])('%s', (_, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test.each([
    '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
    '2026-03-06T19:30:00.000Z',
    'Orders1760000000000',
    '18 files, 124.50 USD',
  ])('and %s stays', (text) => expect(redact(text)).toBe(text));
});

describe('what is known to be secret is taken out', () => {
  test('wherever it stands: in texts, in keys, in lists, encoded', () => {
    const clean = redactor(['open/sesame', 'open/sesame-2']);
    const found = redactAll(
      {
        'open/sesame': ['say open/sesame-2', { at: encodeURIComponent('open/sesame') }],
        base64: Buffer.from('open/sesame').toString('base64'),
        n: 1,
      },
      clean,
    );
    expect(found).toEqual({ '[redacted]': ['say [redacted]', { at: '[redacted]' }], base64: '[redacted]', n: 1 });
  });

  test('and what a field holds that is called so, also of a line that was parsed', () => {
    const line = {
      msg: 'POST',
      headers: { cookie: 'session=abc', 'X-Api-Key': 'k1' },
      body: { password: 'open sesame' },
    };
    expect(redactAll(line, redact)).toEqual({
      msg: 'POST',
      headers: { cookie: '[redacted]', 'X-Api-Key': '[redacted]' },
      body: { password: '[redacted]' },
    });
  });

  test('a password that does not belong into a URL is known as it stands there', () => {
    expect(secretsIn({ DATABASE_URL: 'postgres://a:50%off@db/orders' })).toContain('50%off');
  });

  test('and every value of the environment that may be one is known', () => {
    expect(
      secretsIn({
        COMANDA_SECRET: 'root secret',
        STRIPE_SECRET_KEY: 'sk',
        ORDERS_DATABASE_URL: 'postgres://a:p%40ss@db/orders',
        CATALOG_URL: 'http://localhost:8080',
        LOG_LEVEL: 'warn',
      }),
    ).toEqual(['root secret', 'sk', 'postgres://a:p%40ss@db/orders', 'p%40ss', 'p@ss']);
  });
});
