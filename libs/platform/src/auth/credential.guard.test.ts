import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../ids.js';
import { SECRET } from '../testing/checks-database.js';
import { type House, json, type Said, smallHouse } from '../testing/small-house.js';
import { hashApiKey, mintApiKey } from './api-key.js';
import { apiKeyPepper, type KnownKey } from './credentials.js';
import { mintServiceToken } from './service-token.js';

const keys = new Map<string, KnownKey>();

/** Makes a key that the house knows. */
function makeKey(changes: Partial<KnownKey> = {}): { authorization: string } {
  const { text, id } = mintApiKey(newId(), 'test');
  const hash = hashApiKey(apiKeyPepper(SECRET), text);
  keys.set(id, {
    id,
    organizationId: newId(),
    hash,
    scopes: ['orders:write'],
    locations: null,
    ratePerSecond: null,
    expiresAt: null,
    revokedAt: null,
    ...changes,
  });
  return { authorization: `Bearer ${text}` };
}

let house: House;

beforeAll(async () => {
  house = await houseWith({});
});

const houseWith = (environment: NodeJS.ProcessEnv) =>
  smallHouse({ findKey: (id) => Promise.resolve(keys.get(id)), environment });
const open = (headers: Record<string, string>, at = house): Promise<Said> =>
  at.ask('POST', '/v1/checks', json({ covers: 2 }, headers));
const times = <T>(n: number, ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: n }, ask));
const count = (answers: Said[], status: number) => answers.filter((said) => said.status === status).length;

describe('a route', () => {
  test('is closed to whoever shows nothing, or nothing of ours', async () => {
    for (const authorization of ['', 'Basic YTpi', 'Bearer cmd_live_1'])
      expect(await open({ authorization })).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  });

  test('is open to a key with its scope, and works for the organization of the key', async () => {
    const organizationId = newId();
    expect((await open(makeKey({ organizationId }))).body).toMatchObject({ organizationId });
  });

  test('is closed to a key with other scopes, whose body is not even looked at', async () => {
    const said = await house.ask('POST', '/v1/checks', {
      ...json({ covers: 'two' }),
      headers: { ...json({}).headers, ...makeKey({ scopes: ['orders:read'] }) },
    });
    expect(said.body).toMatchObject({ status: 403, code: 'scope_missing', scope: 'orders:write' });
  });

  test('is open to another service with its scope', async () => {
    const token = (scopes: ['orders:write'] | []) =>
      mintServiceToken(SECRET, { organizationId: newId(), scopes, service: 'orders' });
    expect((await open({ authorization: `Bearer ${token(['orders:write'])}` })).status).toBe(201);
    expect((await open({ authorization: `Bearer ${token([])}` })).status).toBe(403);
  });

  test('that nobody described is closed to everyone', async () => {
    expect(await house.ask('GET', '/v1/undescribed', { headers: makeKey() })).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
  });
});

describe('a limit', () => {
  test('of a key lets a burst of two seconds through, says what is left, and when to come back', async () => {
    const headers = makeKey({ ratePerSecond: 3 });
    const answers = await times(20, () => open(headers));
    expect(count(answers, 201)).toBeGreaterThanOrEqual(6);
    expect(count(answers, 429)).toBeGreaterThanOrEqual(8);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers).toMatchObject({ 'ratelimit-limit': '6', 'ratelimit-remaining': '0', 'retry-after': '1' });
    expect(refused?.body).toMatchObject({ code: 'rate_limited' });
    expect(answers[0]?.headers).toMatchObject({
      'ratelimit-limit': '6',
      'ratelimit-remaining': '5',
      'ratelimit-reset': '0',
    });
  });

  test('of one key leaves others alone, and a key without one has none', async () => {
    const [busy, other, free] = [makeKey({ ratePerSecond: 1 }), makeKey({ ratePerSecond: 1 }), makeKey()];
    expect(count(await times(10, () => open(busy)), 429)).toBeGreaterThan(0);
    expect(await house.metrics()).toMatch(/^rate_limited_requests_total\{by="credential",/m);
    expect((await open(other)).status).toBe(201);
    const answers = await times(100, () => open(free));
    expect([count(answers, 201), answers[0]?.headers['ratelimit-limit']]).toEqual([100, undefined]);
  });

  test('counts what the key may not do, too', async () => {
    const headers = makeKey({ ratePerSecond: 1, scopes: [] });
    const answers = await times(10, () => open(headers));
    expect(count(answers, 403) + count(answers, 429)).toBe(10);
    expect(count(answers, 429)).toBeGreaterThan(0);
  });

  test('of an organization holds for its keys together, and not for a key without a limit', async () => {
    const at = await houseWith({ RATE_LIMIT_ORGANIZATION_PER_SECOND: '2' });
    const organizationId = newId();
    const [one, two, free] = [
      makeKey({ organizationId, ratePerSecond: 100 }),
      makeKey({ organizationId, ratePerSecond: 100 }),
      makeKey({ organizationId }),
    ];
    const answers = [...(await times(10, () => open(one, at))), ...(await times(10, () => open(two, at)))];
    expect(count(answers, 429)).toBeGreaterThan(8);
    const limited = `rate_limited_requests_total{by="organization",service="house"} ${count(answers, 429)}`;
    expect(await at.metrics()).toContain(limited);
    expect(answers.find(({ status }) => status === 429)?.headers['ratelimit-limit']).toBe('4');
    expect((await open(free, at)).status).toBe(201);
    expect((await open(makeKey({ ratePerSecond: 100 }), at)).status).toBe(201);
  });

  test('of an address holds on routes that are open to everyone', async () => {
    const at = await houseWith({ RATE_LIMIT_PER_SECOND: '1' });
    const read = (from: string) => at.ask('GET', '/v1/checks', { headers: { 'x-forwarded-for': from } });
    expect(count(await times(10, () => read('203.0.113.9')), 429)).toBeGreaterThan(0);
    expect((await read('203.0.113.10')).status).toBe(200);
    expect(await at.metrics()).toMatch(/^rate_limited_requests_total\{by="address",/m);
  });

  test('of wrong credentials holds for the address they come from, which may still show a right one', async () => {
    const guess = (from: string) => open({ authorization: 'Bearer cmd_live_1', 'x-forwarded-for': from });
    const answers = await times(300, () => guess('203.0.113.9'));
    expect(count(answers, 401) + count(answers, 429)).toBe(300);
    expect(count(answers, 429)).toBeGreaterThan(0);
    expect(await house.metrics()).toMatch(/^rate_limited_requests_total\{by="wrong_credentials",/m);
    expect((await guess('203.0.113.10')).status).toBe(401);
    expect((await open({ ...makeKey(), 'x-forwarded-for': '203.0.113.9' })).status).toBe(201);
  });
});
