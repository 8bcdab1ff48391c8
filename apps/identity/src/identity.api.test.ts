import { KeyChanged, LocationChanged, OrganizationChanged, StaffChanged } from '@comanda/contracts';
import { inTransaction, newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { identity } from './identity.service.js';
import { createOrganization } from './organizations/organizations.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(identity);
  const db = it.service.app.get(DataSource);
  for (const { id } of [it, it.other])
    await inTransaction(db, id, (tx) => createOrganization(tx, { id, name: 'Chain', mode: 'test', languages: ['en'] }));
});

const harbour = { name: 'Harbour', currency: 'USD', timeZone: 'America/Chicago', jurisdiction: { code: 'US-IL' } };

describe('200 and 201', () => {
  test('an organization is read and renamed, and every service is told', async () => {
    const { body: read, headers } = await it.call('get', '/v1/identity/organization').expect(200);
    expect(headers['etag']).toBe(`"${read.version}"`);
    const { body: renamed } = await it
      .call('patch', '/v1/identity/organization')
      .set('if-match', `"${read.version}"`)
      .send({ name: 'Pizza Place' })
      .expect(200);
    expect(renamed).toMatchObject({ name: 'Pizza Place', languages: ['en'], version: read.version + 1 });
    expect((await it.published(OrganizationChanged)).at(-1)).toMatchObject({
      subject: it.id,
      version: renamed.version,
      data: { name: 'Pizza Place' },
    });
  });

  test('a location is opened with what it did not say filled in, changed, and told with gap-free versions', async () => {
    const { body: location } = await it.call('post', '/v1/identity/locations').send(harbour).expect(201);
    expect(location).toMatchObject({
      closingHour: 4,
      cashRounding: null,
      platformFee: { rate: 0, fixed: 0 },
      jurisdiction: { roundingMode: 'half-up' },
      version: 1,
    });
    await it.call('patch', `/v1/identity/locations/${location.id}`).send({ closingHour: 5, version: 1 }).expect(200);
    const told = (await it.published(LocationChanged)).filter(({ subject }) => subject === location.id);
    expect(told.map(({ version, data }) => [version, data.closingHour])).toEqual([
      [1, 4],
      [2, 5],
    ]);
  });

  test('how a location is run is as usual, until it says so; what it does not say stays', async () => {
    const { body: location } = await it.call('post', '/v1/identity/locations').send(harbour).expect(201);
    expect(location.policies).toMatchObject({
      voidAfterSend: 'anyone',
      limits: { waiter: { discountRate: 100_000, comps: false }, manager: { comps: true, approves: true } },
      scheduling: { prepMinutes: 15, ordersPerSlot: null },
    });
    const say = (policies: object, version: number) =>
      it.call('patch', `/v1/identity/locations/${location.id}`).send({ policies, version }).expect(200);
    await say({ voidAfterSend: 'approved', scheduling: { ordersPerSlot: 4 }, tabs: { growthRate: 100_000 } }, 1);
    const limit = { discountRate: 0, discountAmount: null, comps: false, approves: false };
    const { body: said } = await say({ limits: { waiter: limit }, scheduling: { prepMinutes: 20 } }, 2);
    expect(said.policies).toEqual({
      ...location.policies,
      voidAfterSend: 'approved',
      limits: { ...location.policies.limits, waiter: limit },
      scheduling: { prepMinutes: 20, slotMinutes: 15, ordersPerSlot: 4 },
      tabs: { growthRate: 100_000 },
    });
    const told = (await it.published(LocationChanged)).filter(({ subject }) => subject === location.id);
    expect(told.at(-1)?.data.policies).toEqual(said.policies);
  });

  test('the settlement currency is fixed per store; other currencies are shown at rates that it holds', async () => {
    const { body: location } = await it.call('post', '/v1/identity/locations').send(harbour).expect(201);
    expect(location.policies.displayCurrencies).toEqual({});
    const change = (body: object) => it.call('patch', `/v1/identity/locations/${location.id}`).send(body);
    const { body: problem } = await change({ currency: 'EUR', version: 1 }).expect(400);
    expect(problem.code).toBe('malformed_request');
    const displayCurrencies = { EUR: { rate: '0.9234', asOf: '2026-03-06T06:00:00Z' } };
    const { body: said } = await change({ policies: { displayCurrencies }, version: 1 }).expect(200);
    expect(said).toMatchObject({ currency: 'USD', policies: { displayCurrencies } });
    const told = (await it.published(LocationChanged)).filter(({ subject }) => subject === location.id);
    expect(told.at(-1)?.data).toMatchObject({ currency: 'USD', policies: { displayCurrencies } });
    const wrong = (rate: string) => ({ policies: { displayCurrencies: { EUR: { ...displayCurrencies.EUR, rate } } } });
    for (const rate of ['0', '-1', '1e3', '1,5']) await change({ ...wrong(rate), version: 2 }).expect(400);
    const unknown = { policies: { displayCurrencies: { QQQ: displayCurrencies.EUR } }, version: 2 };
    expect((await change(unknown).expect(422)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/policies/displayCurrencies/QQQ' }],
    });
    const { body: none } = await change({ policies: { displayCurrencies: {} }, version: 2 }).expect(200);
    expect(none.policies.displayCurrencies).toEqual({});
  });

  test('lists go on where the last page ended', async () => {
    for (const name of ['Ada', 'Ben', 'Cleo'])
      await it.call('post', '/v1/identity/staff').send({ name, role: 'waiter' }).expect(201);
    const { body: first } = await it.call('get', '/v1/identity/staff?limit=2').expect(200);
    const { body: second } = await it.call('get', `/v1/identity/staff?limit=2&cursor=${first.nextCursor}`).expect(200);
    expect([...first.data, ...second.data].map(({ name }: { name: string }) => name)).toEqual(['Ada', 'Ben', 'Cleo']);
    expect(second.nextCursor).toBeNull();
  });

  test('who leaves is told without a name', async () => {
    const { body: ada } = await it
      .call('post', '/v1/identity/staff')
      .send({ name: 'Adele', role: 'manager' })
      .expect(201);
    await it.call('patch', `/v1/identity/staff/${ada.id}`).send({ active: false, version: 1 }).expect(200);
    const told = (await it.published(StaffChanged)).filter(({ subject }) => subject === ada.id);
    expect(told.map(({ data }) => data.active)).toEqual([true, false]);
    expect(JSON.stringify(told)).not.toContain('Adele');
  });
});

describe('keys', () => {
  const make = (body: object = {}) =>
    it.call('post', '/v1/identity/keys').send({ name: 'Till 3', scopes: ['organization:read'], ...body });

  test('a key works soon after it was made, and is refused within five seconds of its revocation', async () => {
    const { body: minted } = await make().expect(201);
    expect(minted.key).toMatch(/^cmd_test_[0-9a-f]{32}_[0-9a-f]{48}_[0-9a-f]{8}$/);
    const status = async () => (await it.call('get', '/v1/identity/organization', { key: minted.key })).status;
    await eventually(async () => expect(await status()).toBe(200), { within: 5_000 });
    await it.call('post', `/v1/identity/keys/${minted.id}/revoke`).expect(200);
    await eventually(async () => expect(await status()).toBe(401), { within: 5_000 });
  });

  test('the key itself is shown once and stored nowhere', async () => {
    const idempotencyKey = newId();
    const body = { name: 'Kiosk', scopes: ['orders:write'] };
    const { body: minted } = await it.call('post', '/v1/identity/keys', { idempotencyKey }).send(body).expect(201);
    const { body: repeated, headers } = await it
      .call('post', '/v1/identity/keys', { idempotencyKey })
      .send(body)
      .expect(201);
    expect(headers['idempotency-replayed']).toBe('true');
    expect(repeated).toEqual({ ...minted, key: null });
    const secret = (minted.key as string).split('_')[3] ?? '';
    for (const table of ['api_keys', 'idempotency_keys', 'outbox']) {
      const { rows } = await it.sql.query(`select row_to_json(t)::text as row from ${table} t`);
      expect(
        rows.filter(({ row }) => row.includes(secret)),
        table,
      ).toEqual([]);
    }
  });

  test('while one is rotated two live, never three', async () => {
    const { body: old } = await make().expect(201);
    const { body: successor } = await make({ rotates: old.id }).expect(201);
    expect((await make({ rotates: old.id }).expect(409)).body.code).toBe('key_limit_reached');
    await it.call('post', `/v1/identity/keys/${old.id}/revoke`).expect(200);
    expect(
      (await it.published(KeyChanged))
        .filter(({ subject }) => [old.id, successor.id].includes(subject))
        .map(({ version }) => version),
    ).toEqual([1, 1, 2]);
  });

  test('nobody hands out more than they hold', async () => {
    const key = await it.makeKey({ scopes: ['keys:manage'], locationIds: [it.location.id] });
    const { body } = await it
      .call('post', '/v1/identity/keys', { key })
      .send({ name: 'More', scopes: ['orders:write'] })
      .expect(403);
    expect(body).toMatchObject({ code: 'scope_missing', scope: 'orders:write' });
  });
});

describe('400', () => {
  test.each([
    ['an unknown field', { ...harbour, colour: 'red' }, ''],
    ['a wrong type', { ...harbour, closingHour: 'four' }, '/closingHour'],
    ['control characters', { ...harbour, name: 'Har\u0000bour' }, '/name'],
    ['a nested fault', { ...harbour, jurisdiction: { code: '' } }, '/jurisdiction/code'],
  ])('%s is pointed at', async (_, body, pointer) => {
    const { body: problem, headers } = await it.call('post', '/v1/identity/locations').send(body).expect(400);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(problem).toMatchObject({ code: 'malformed_request', status: 400, errors: [{ pointer }] });
  });

  test('a body that is no JSON, no body, a cursor of no list, a query nobody asked for', async () => {
    const post = () => it.call('post', '/v1/identity/locations').set('content-type', 'application/json');
    expect((await post().send('{"name":').expect(400)).body.code).toBe('malformed_request');
    expect((await post().expect(400)).body.code).toBe('malformed_request');
    expect((await it.call('get', '/v1/identity/staff?cursor=eyJ4Ijox').expect(422)).body.errors[0].pointer).toBe(
      'query/cursor',
    );
    expect((await it.call('get', '/v1/identity/staff?limit=0').expect(400)).body.errors[0].pointer).toBe('query/limit');
    expect((await it.call('get', '/v1/identity/organization?x=1').expect(400)).body.code).toBe('malformed_request');
  });

  test('a POST without an Idempotency-Key', async () => {
    const { body } = await it.http
      .post('/v1/identity/locations')
      .set('authorization', `Bearer ${it.key}`)
      .send(harbour)
      .expect(400);
    expect(body.code).toBe('idempotency_key_missing');
  });
});

describe('401 and 403', () => {
  test.each([
    ['no credential', undefined, 'credential_missing'],
    ['something else', 'Basic YTpi', 'credential_missing'],
    ['a key that nobody made', `Bearer cmd_test_${'0'.repeat(32)}_${'0'.repeat(48)}_00000000`, 'credential_invalid'],
    ['a token of nobody', 'Bearer e30.e30.e30', 'credential_invalid'],
  ])('%s', async (_, authorization, code) => {
    const request = it.http.get('/v1/identity/organization');
    const { body, headers } = await (authorization ? request.set('authorization', authorization) : request).expect(401);
    expect(body.code).toBe(code);
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  test('a key without the scope', async () => {
    const key = await it.makeKey({ scopes: ['orders:read'] });
    expect((await it.call('get', '/v1/identity/organization', { key }).expect(403)).body).toMatchObject({
      code: 'scope_missing',
      scope: 'organization:read',
    });
  });
});

describe('404 and 405', () => {
  test('what there is not, and what another organization has', async () => {
    const { body: theirs } = await it
      .call('post', '/v1/identity/locations', { key: it.other.key })
      .send(harbour)
      .expect(201);
    for (const id of [newId(), theirs.id]) {
      await it.call('get', `/v1/identity/locations/${id}`).expect(404);
      await it.call('patch', `/v1/identity/locations/${id}`).send({ name: 'Mine', version: 1 }).expect(404);
    }
    const { body: ours } = await it.call('get', '/v1/identity/locations?limit=200').expect(200);
    expect(ours.data.map(({ id }: { id: string }) => id)).not.toContain(theirs.id);
  });

  test('a path that takes other methods says which', async () => {
    const { headers, body } = await it.call('delete', '/v1/identity/locations').expect(405);
    expect([headers['allow'], body.code]).toEqual(['GET, POST', 'method_not_allowed']);
    expect((await it.call('get', '/v1/identity/nothing').expect(404)).body.code).toBe('not_found');
  });
});

describe('409, 412, 422 and 428', () => {
  test('an id is taken once', async () => {
    const id = newId();
    await it
      .call('post', '/v1/identity/locations')
      .send({ id, ...harbour })
      .expect(201);
    expect(
      (
        await it
          .call('post', '/v1/identity/locations')
          .send({ id, ...harbour })
          .expect(409)
      ).body.code,
    ).toBe('id_taken');
  });

  test('of two who change the same version one wins, and the other is shown what there is now', async () => {
    const { body: location } = await it.call('post', '/v1/identity/locations').send(harbour).expect(201);
    const change = (name: string) =>
      it.call('patch', `/v1/identity/locations/${location.id}`).set('if-match', '"1"').send({ name });
    const answers = await Promise.all([change('North'), change('South')]);
    expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 412]);
    const stale = answers.find(({ status }) => status === 412);
    expect(stale?.body).toMatchObject({ code: 'version_stale', current: { version: 2 } });
    expect(
      (await it.call('patch', `/v1/identity/locations/${location.id}`).send({ name: 'East' }).expect(428)).body.code,
    ).toBe('version_missing');
  });

  test('one key, a hundred times at once: one location; another body: refused', async () => {
    const idempotencyKey = newId();
    const post = (body: object) => it.call('post', '/v1/identity/locations', { idempotencyKey }).send(body);
    const answers = await Promise.all(Array.from({ length: 100 }, () => post({ ...harbour, name: 'Once' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(99);
    expect((await post({ ...harbour, name: 'Twice' }).expect(422)).body.code).toBe('idempotency_key_reused');
  });

  test('a refusal is remembered with its key', async () => {
    const idempotencyKey = newId();
    const post = () =>
      it.call('post', '/v1/identity/locations', { idempotencyKey }).send({ ...harbour, timeZone: 'Mars/Olympus' });
    const { body: first } = await post().expect(422);
    const { body: second, headers } = await post().expect(422);
    expect(second).toEqual(first);
    expect(headers['idempotency-replayed']).toBe('true');
  });

  test('a card number is refused wherever it hides, and a UUID or phone number is not one', async () => {
    expect(
      (
        await it
          .call('post', '/v1/identity/staff')
          .send({ name: 'pan 4242 4242 4242 4242', role: 'waiter' })
          .expect(422)
      ).body,
    ).toMatchObject({ code: 'card_number_refused', errors: [{ pointer: '/name' }] });
    await it
      .call('post', '/v1/identity/staff')
      .send({ id: '42424242-4242-4242-8242-424242424242', name: 'Ada 2015', role: 'waiter' })
      .expect(201);
  });
});

test('413 and 415', async () => {
  const post = () => it.call('post', '/v1/identity/staff');
  expect(
    (
      await post()
        .send({ name: 'x'.repeat(2 ** 20), role: 'waiter' })
        .expect(413)
    ).body.code,
  ).toBe('body_too_large');
  expect((await post().set('content-type', 'application/xml').send('<name/>').expect(415)).body.code).toBe(
    'media_type_unsupported',
  );
});

test('429 with Retry-After to a key that asks too often', async () => {
  const key = await it.makeKey({ ratePerSecond: 1 });
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => it.call('get', '/v1/identity/organization', { key })),
  );
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThanOrEqual(2);
  expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThan(0);
});

test('every route of the contract is served, and no other', () => expectContract(it));

test('no table shows a row to another organization', () => expectTenancy(it));

test('the tables are what the entities say', () => expectNoDrift(identity));
