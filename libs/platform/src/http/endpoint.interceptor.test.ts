import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { bearer, type House, json, type Said, smallHouse } from '../testing/small-house.js';

let house: House;

beforeAll(async () => {
  house = await smallHouse();
});

const ID = '0199A1B2-7C3D-7E4F-8A5B-6C7D8E9F0A1B';
const open = (body: unknown, headers?: Record<string, string>) => house.ask('POST', '/v1/checks', json(body, headers));
const pointers = ({ body }: Said) =>
  (body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer);

describe('a request', () => {
  test('reaches its handler parsed, with what was left out filled in', async () => {
    expect((await house.ask('GET', '/v1/checks?limit=7&search=window')).body).toEqual({
      query: { limit: 7, search: 'window' },
    });
    expect((await house.ask('GET', '/v1/checks')).body).toEqual({ query: { limit: 50 } });
    expect((await house.ask('GET', `/v1/checks/${ID}`)).body).toMatchObject({ id: ID.toLowerCase() });
  });

  test.each([
    ['an unknown field', { covers: 2, colour: 'red' }, ['']],
    ['a wrong type', { covers: 'two' }, ['/covers']],
    ['a missing field', {}, ['/covers']],
    [
      'faults far inside, all of them',
      { covers: 2, lines: [{ name: 'Soup' }, { name: '' }, {}] },
      ['/lines/1/name', '/lines/2/name'],
    ],
    ['no object', [], ['']],
    ['nothing', null, ['']],
  ])('with %s in its body is refused with pointers', async (_, body, expected) => {
    const said = await open(body);
    expect([said.status, said.body['code'], pointers(said)]).toEqual([400, 'malformed_request', expected]);
  });

  test.each(['__proto__', 'constructor'])(
    'with a field called %s is told that there is none, and changes nothing',
    async (name) => {
      const said = await open(JSON.parse(`{"covers":2,"${name}":{"prototype":{"admin":true},"admin":true}}`));
      expect([said.status, said.body['code'], said.body['detail']]).toEqual([
        400,
        'malformed_request',
        `Unrecognized key: "${name}"`,
      ]);
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );

  test('that is well-formed, and breaks a rule of its schema, is refused by that rule', async () => {
    const said = await open({ covers: 2, guests: ['Ada', 'Ada'] });
    expect([said.status, said.body['code'], pointers(said)]).toEqual([422, 'table_named_twice', ['/guests']]);
    const both = await open({ covers: 0, guests: ['Ada', 'Ada'] });
    expect([both.status, both.body['code'], pointers(both)]).toEqual([
      400,
      'malformed_request',
      ['/covers', '/guests'],
    ]);
  });

  test.each([
    ['/v1/checks?colour=red', ['query/']],
    ['/v1/checks?limit=0', ['query/limit']],
    ['/v1/checks?limit=1&limit=2', ['query/limit']],
    ['/v1/checks?limit=many&cursor=%20', ['query/limit', 'query/cursor']],
    [`/v1/checks/${ID}?colour=red`, ['query/']],
    ['/v1/checks/12', ['path/checkId']],
  ])('to %s is refused with pointers', async (path, expected) => {
    const said = await house.ask('GET', path);
    expect([said.status, pointers(said)]).toEqual([400, expected]);
  });

  test('with a hundred thousand faults is told of a hundred', async () => {
    const said = await open({ covers: 2, lines: Array(100_000).fill({}) });
    expect([said.status, pointers(said)?.length]).toEqual([400, 100]);
  });
});

describe('If-Match', () => {
  const change = (headers: Record<string, string>) =>
    house.ask('PATCH', `/v1/checks/${ID}`, { body: '{}', headers: { 'content-type': 'application/json', ...headers } });

  test.each([
    ['"3"', 3],
    ['W/"12"', 12],
    ['7', 7],
  ])('%s names version %i', async (header, version) => {
    expect((await change({ 'if-match': header })).body['ifMatch']).toBe(version);
  });

  test.each(['*', '"three"', '"3", "4"', '""', '"99999999999"'])('%s names none', async (header) => {
    const said = await change({ 'if-match': header });
    expect([said.status, pointers(said)]).toEqual([400, ['header/If-Match']]);
  });
});

describe('an answer', () => {
  test('carries the version of what it shows', async () => {
    expect((await house.ask('GET', `/v1/checks/${ID}`)).headers['etag']).toBe('"7"');
    expect((await house.ask('GET', '/v1/checks')).headers['etag']).toBeUndefined();
  });

  test('may have another status, and headers of its own', async () => {
    const said = await house.ask('PATCH', `/v1/checks/${ID}`, {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect([said.status, said.headers['x-table'], said.headers['etag']]).toEqual([202, '12', '"8"']);
  });

  test('of nothing has no body', async () => {
    const said = await house.ask('DELETE', `/v1/checks/${ID}`);
    expect([said.status, said.text]).toEqual([204, '']);
  });
});

describe('an Idempotency-Key', () => {
  const hashOf = async (said: Promise<Said>) =>
    ((await said).body['idempotency'] as { hash: string } | undefined)?.hash;

  test('must be there', async () => {
    const { 'idempotency-key': _, ...headers } = json({}).headers as Record<string, string>;
    const said = await house.ask('POST', '/v1/checks', { body: '{"covers":2}', headers });
    expect([said.status, said.body['code']]).toEqual([400, 'idempotency_key_missing']);
  });

  test('is any printable text of up to 255 characters', async () => {
    expect((await open({ covers: 2 }, { 'idempotency-key': 'x'.repeat(255) })).status).toBe(201);
    for (const key of ['x'.repeat(256), 'ta\tble', 'tåble']) {
      const said = await open({ covers: 2 }, { 'idempotency-key': key });
      expect([said.status, pointers(said)]).toEqual([400, ['header/Idempotency-Key']]);
    }
  });

  test('is bound to route and body, however the body is written', async () => {
    const hash = await hashOf(open({ covers: 2, note: 'window' }));
    expect(hash).toMatch(/^[\w-]{43}$/);
    expect(await hashOf(open({ note: 'window', covers: 2 }))).toBe(hash);
    expect(
      await hashOf(house.ask('POST', '/v1/checks', { ...json({}), body: '{ "note": "w\\u0069ndow", "covers": 2.0 }' })),
    ).toBe(hash);
    expect(await hashOf(open({ covers: 3, note: 'window' }))).not.toBe(hash);
    expect(await hashOf(open({ covers: 2 }))).not.toBe(hash);
  });

  test('is bound to the bytes of a spreadsheet, and to how they are to be read', async () => {
    const upload = (csv: Buffer, query = '') =>
      house.ask('POST', `/v1/checks/import${query}`, {
        body: csv,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'menu' },
      });
    const large = Buffer.alloc(8 * 2 ** 20, 'Margherita;12,50\n');
    const hash = await hashOf(upload(large));
    expect(await hashOf(upload(large))).toBe(hash);
    expect(await hashOf(upload(large, '?currency=EUR'))).not.toBe(hash);
    large[large.length - 2] = '1'.charCodeAt(0);
    expect(await hashOf(upload(large))).not.toBe(hash);
  });
});

describe('a card number', () => {
  const pan = '4242 4242 4242 4242';

  test.each([
    ['body', () => open({ covers: 2, lines: [{ name: `pan ${pan}` }] }), '/lines/0/name'],
    ['query', () => house.ask('GET', `/v1/checks?search=${encodeURIComponent(pan)}`), 'query/search'],
    ['key', () => open({ covers: 2 }, { 'idempotency-key': pan }), 'header/Idempotency-Key'],
    [
      'spreadsheet',
      () =>
        house.ask('POST', '/v1/checks/import', {
          body: `name\n${pan}`,
          headers: { 'content-type': 'text/csv', 'idempotency-key': 'menu' },
        }),
      '',
    ],
  ])('in a %s is refused, and not repeated', async (_, send, pointer) => {
    const said = await send();
    expect([said.status, said.body['code'], pointers(said)]).toEqual([422, 'card_number_refused', [pointer]]);
    expect(said.text).not.toContain('4242');
    expect(JSON.stringify(house.logged)).not.toContain('4242');
  });

  test('may look like a phone number where one belongs', async () => {
    expect((await open({ covers: 2, phone: '4242424242424242' })).status).toBe(201);
  });
});

test('whatever is sent, nothing is a defect', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((text) => text.slice(0, -1)),
  );
  const type = fc.constantFrom('application/json', 'text/csv', 'application/json; charset=latin1', 'text/plain', '');
  const path = fc.oneof(fc.constantFrom('/v1/checks', '/v1/checks/import', `/v1/checks/${ID}`), fc.webPath());
  const method = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'QUERY');
  await fc.assert(
    fc.asyncProperty(method, path, type, body, async (verb, at, contentType, text) => {
      const headers = { 'content-type': contentType, 'idempotency-key': 'table 12', authorization: bearer() };
      const { status, body: problem } = await house.ask(verb, at || '/', { headers, body: text });
      expect(status).toBeLessThan(500);
      if (status >= 400) expect(problem).toMatchObject({ status, code: expect.any(String) });
    }),
    { numRuns: 300 },
  );
});
