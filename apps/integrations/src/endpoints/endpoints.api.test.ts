import { OrderPaid, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { expectContract, expectNoDrift, expectTenancy, type TestService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { integrations } from '../integrations.service.js';
import { hooks, hooksOf, startService } from '../testing/hooks.js';
import { isSignedBy, openReceiver } from '../testing/receiver.js';

let it: TestService;
let own: ReturnType<typeof hooksOf>;

beforeAll(async () => {
  it = await startService();
  own = hooksOf(it);
});

const url = 'https://example.com/hook';

describe('201', () => {
  test('an endpoint is made, and its secret shown this once', async () => {
    const key = newId();
    const made = await it.call('post', hooks, { idempotencyKey: key }).send({ url }).expect(201);
    expect(made.body).toMatchObject({
      url,
      status: 'enabled',
      eventTypes: null,
      locationIds: null,
      version: 1,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const again = await it.call('post', hooks, { idempotencyKey: key }).send({ url }).expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual({ ...made.body, secret: null });
    const { secret, ...endpoint } = made.body;
    expect((await it.call('get', `${hooks}/${made.body.id}`).expect(200)).body).toEqual(endpoint);
    const listed = await it.call('get', hooks).expect(200);
    expect(listed.body.data).toContainEqual(endpoint);
    expect(listed.text).not.toContain(secret);
    // Nor does any table hold it.
    const { rows } = await it.sql.query(
      `select (select json_agg(w) from webhook_endpoints w)::text || (select json_agg(k) from idempotency_keys k)::text as all`,
    );
    expect(rows[0].all).not.toContain(secret.slice('whsec_'.length));
    expect(rows[0].all).not.toContain(Buffer.from(secret).toString('hex'));
  });

  test('a rotated secret and the one before it both sign until the overlap is over', async () => {
    const receiver = await openReceiver();
    const made = await own.make({ url: receiver.url, eventTypes: [OrderPlaced.type] });
    const rotated = await it.call('post', `${hooks}/${made.id}/rotate`).send({ overlapHours: 2 }).expect(201);
    expect(rotated.body.secret).not.toBe(made.secret);
    expect(Date.parse(rotated.body.previousSecretUntil) - Date.now()).toBeGreaterThan(7_100_000);
    await own.place();
    await eventually(() => receiver.received.length === 1, { within: 5_000 });
    const [first] = receiver.received;
    expect([made.secret, rotated.body.secret].map((secret) => isSignedBy(secret, first!))).toEqual([true, true]);
    await it.sql.query('update webhook_endpoints set previous_secret_until = now() where id = $1', [made.id]);
    await own.place();
    await eventually(() => receiver.received.length === 2, { within: 5_000 });
    const [, second] = receiver.received;
    expect([made.secret, rotated.body.secret].map((secret) => isSignedBy(secret, second!))).toEqual([false, true]);
    expect((await own.read(made.id)).previousSecretUntil).toBeNull();
  });

  test('a secret that has leaked signs no more at once', async () => {
    const receiver = await openReceiver();
    const made = await own.make({ url: receiver.url, eventTypes: [OrderPlaced.type] });
    const { body } = await it.call('post', `${hooks}/${made.id}/rotate`).send({ overlapHours: 0 }).expect(201);
    await own.place();
    await eventually(() => receiver.received.length === 1, { within: 5_000 });
    const [got] = receiver.received;
    expect([made.secret, body.secret].map((secret) => isSignedBy(secret, got!))).toEqual([false, true]);
  });
});

describe('200 and 204', () => {
  test('a change counts from the next event on; a disabled endpoint is sent nothing new', async () => {
    const receiver = await openReceiver();
    const made = await own.make({ url: receiver.url, eventTypes: [OrderPaid.type] });
    await own.place();
    const changed = await own.change(made.id, 1, { eventTypes: [OrderPlaced.type], description: 'Till' }).expect(200);
    expect(changed.body).toMatchObject({
      version: 2,
      description: 'Till',
      eventTypes: [OrderPlaced.type],
      url: receiver.url,
    });
    const wanted = await own.place();
    await eventually(() => receiver.received.length === 1, { within: 5_000 });
    expect(receiver.received[0]?.payload.id).toBe(wanted.id);
    const disabled = await own.change(made.id, 2, { status: 'disabled' }).expect(200);
    expect(disabled.body).toMatchObject({
      status: 'disabled',
      disabledReason: 'by_hand',
      disabledAt: expect.any(String),
    });
    await own.place();
    expect(await own.deliveries(made.id, '?status=pending')).toEqual([]);
    const enabled = await own.change(made.id, 3, { status: 'enabled' }).expect(200);
    expect(enabled.body).toMatchObject({ status: 'enabled', disabledReason: null, disabledAt: null });
  });

  test('an endpoint is deleted with its deliveries', async () => {
    const receiver = await openReceiver();
    const made = await own.make({ url: receiver.url, eventTypes: [OrderPlaced.type] });
    await own.place();
    await eventually(async () => (await own.deliveries(made.id, '?status=delivered')).length === 1, { within: 5_000 });
    await it.call('delete', `${hooks}/${made.id}`).set('if-match', '"1"').expect(204);
    await it.call('get', `${hooks}/${made.id}`).expect(404);
    const { rows } = await it.sql.query('select 1 from webhook_deliveries where endpoint_id = $1', [made.id]);
    expect(rows).toEqual([]);
  });
});

test('403: who is bound to a location has its events sent and no others', async () => {
  const there = await it.makeLocation();
  const key = await it.makeKey({ locationIds: [it.location.id] });
  const { body } = await it.call('post', hooks, { key }).send({ url }).expect(201);
  expect(body.locationIds).toEqual([it.location.id]);
  await it
    .call('post', hooks, { key })
    .send({ url, locationIds: [there.id] })
    .expect(403);
  const all = await own.make({ url });
  await it.call('get', `${hooks}/${all.id}`, { key }).expect(403);
  await it.call('patch', `${hooks}/${body.id}`, { key }).send({ locationIds: null, version: 1 }).expect(403);
  const shown = (await it.call('get', hooks, { key }).expect(200)).body.data as { locationIds: string[] | null }[];
  expect(shown.map(({ locationIds }) => locationIds)).toEqual([[it.location.id]]);
});

test('404: another organization finds none of it', async () => {
  const made = await own.make({ url });
  const { key } = it.other;
  const at = `${hooks}/${made.id}`;
  await it.call('get', at, { key }).expect(404);
  await it.call('patch', at, { key }).send({ status: 'disabled', version: 1 }).expect(404);
  await it.call('delete', at, { key }).set('if-match', '"1"').expect(404);
  await it.call('post', `${at}/rotate`, { key }).send({}).expect(404);
  await it.call('post', `${at}/ping`, { key }).expect(404);
  await it.call('post', `${at}/replay`, { key }).send({ from: '2026-01-01T00:00:00Z' }).expect(404);
  await it.call('get', `${at}/deliveries`, { key }).expect(404);
  await it.call('get', `${at}/deliveries/${newId()}`, { key }).expect(404);
  expect((await it.call('get', hooks, { key }).expect(200)).body.data).toEqual([]);
  expect(await own.read(made.id)).toMatchObject({ version: 1, status: 'enabled' });
});

test('409: an organization has twenty endpoints at most; a disabled one is neither pinged nor sent a replay', async () => {
  const { key } = it.other;
  const makes = Array.from({ length: 24 }, () => it.call('post', hooks, { key }).send({ url }));
  const statuses = (await Promise.all(makes)).map(({ status, body }) => body.code ?? status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(20);
  expect(statuses.filter((status) => status === 'webhook_limit_reached')).toHaveLength(4);
  const [one] = (await it.call('get', hooks, { key }).expect(200)).body.data as { id: string }[];
  await it.call('patch', `${hooks}/${one?.id}`, { key }).send({ status: 'disabled', version: 1 }).expect(200);
  const ping = await it.call('post', `${hooks}/${one?.id}/ping`, { key }).expect(409);
  expect(ping.body.code).toBe('webhook_disabled');
  await it.call('post', `${hooks}/${one?.id}/replay`, { key }).send({ from: '2026-01-01T00:00:00Z' }).expect(409);
});

test('412 and 428: a change says which version it was made against', async () => {
  const made = await own.make({ url });
  const stale = await own.change(made.id, 7, { description: 'x' }).expect(412);
  expect(stale.body.current).toEqual(await own.read(made.id));
  await it.call('patch', `${hooks}/${made.id}`).send({ description: 'x' }).expect(428);
  await it.call('delete', `${hooks}/${made.id}`).expect(428);
});

describe('422', () => {
  test.each([
    'http://example.com/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:192.168.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://2852039166/',
    'https://guest:secret@example.com/',
  ])('events are not sent to %s', async (refused) => {
    const { body } = await it.call('post', hooks).send({ url: refused }).expect(422);
    expect(body).toMatchObject({ code: 'webhook_url_refused', errors: [{ pointer: '/url' }] });
  });

  test('a location of another organization is none', async () => {
    const elsewhere = { url, locationIds: [it.other.location.id] };
    expect((await it.call('post', hooks).send(elsewhere).expect(422)).body.code).toBe('reference_unknown');
  });
});

test('422: without the setting for development this machine is refused, too', async () => {
  const strict = await startService({ WEBHOOK_ALLOW_LOOPBACK: 'false' });
  for (const refused of ['http://127.0.0.1:8080/', 'https://127.0.0.1/', 'https://localhost/', 'https://[::1]/'])
    await strict.call('post', hooks).send({ url: refused }).expect(422);
});

test('400: an event that does not exist, or one that is nobody else’s, cannot be asked for', async () => {
  for (const type of ['comanda.order.eaten.v1', 'comanda.key.changed.v1'])
    await it
      .call('post', hooks)
      .send({ url, eventTypes: [type] })
      .expect(400);
});

test('every route of the contract is served, and no other', () => expectContract(it));
test('no table shows a row to another organization', () => expectTenancy(it));
test('the tables are what the entities say', () => expectNoDrift(integrations));
