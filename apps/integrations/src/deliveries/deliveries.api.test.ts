import { KeyChanged, OrderPlaced, WEBHOOK_EVENTS, WEBHOOK_PING } from '@comanda/contracts';
import { asWorker, connect, databaseUrls, newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { hooks, hooksOf, startService } from '../testing/hooks.js';
import { isSignedBy, openReceiver, type Received } from '../testing/receiver.js';
import { takeDue } from './deliveries.store.js';

let it: TestService;
let own: ReturnType<typeof hooksOf>;

beforeAll(async () => {
  it = await startService();
  own = hooksOf(it);
});

// Each test has the endpoints that it makes and no others.
beforeEach(() => eventually(() => it.sql.query('delete from webhook_endpoints'), { within: 10_000 }));

const placed = [OrderPlaced.type];
const idsOf = (received: readonly Received[]): string[] => received.map(({ payload }) => payload.id);

describe('K1: signed webhooks', () => {
  test('every public event of every service arrives, signed, with its id and its number among those of its aggregate', async () => {
    const receiver = await openReceiver();
    const { secret } = await own.make({ url: receiver.url });
    const sent = new Map<string, string>();
    for (const event of WEBHOOK_EVENTS) {
      const data = { ...(event.example as object), [event.subject]: newId() };
      const { id } = await it.deliver(event, data, { aggregateVersion: 7 });
      sent.set(id, event.type);
    }
    await it.deliver(KeyChanged, { ...KeyChanged.example, keyId: newId() });
    await eventually(() => receiver.received.length >= sent.size, { within: 15_000 });
    expect(new Map(receiver.received.map(({ payload }) => [payload.id, payload.type]))).toEqual(sent);
    for (const got of receiver.received) {
      expect(isSignedBy(secret, got)).toBe(true);
      expect(isSignedBy(`whsec_${Buffer.alloc(32).toString('base64')}`, got)).toBe(false);
      expect(got.headers).toMatchObject({
        'webhook-id': got.payload.id,
        'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
        'content-type': 'application/json',
      });
      expect(Math.abs(Date.now() / 1000 - Number(got.headers['webhook-timestamp']))).toBeLessThan(60);
      expect(got.payload).toMatchObject({ organizationId: it.id, subject: expect.any(String), aggregateVersion: 7 });
    }
  });

  test('what happens at the till is with a customer engagement system within two seconds, nineteen times of twenty; how late is a metric', async () => {
    const crm = await openReceiver();
    await own.make({ url: crm.url, eventTypes: placed });
    const recorded = new Map<string, number>();
    for (let n = 0; n < 20; n++) {
      const { id, recordedAt } = await own.place();
      recorded.set(id, Date.parse(recordedAt));
    }
    await eventually(() => expect(new Set(idsOf(crm.received)).size).toBe(20), { within: 10_000 });
    const late = crm.received.map(({ payload }, at) => (crm.times[at] ?? 0) - (recorded.get(payload.id) ?? 0));
    expect(late.toSorted((one, other) => one - other)[18]).toBeLessThanOrEqual(2_000);
    const metrics = await (await fetch(`${it.url}/metrics`)).text();
    expect(Number(/^webhook_delay_seconds_bucket\{le="2"[^}]*\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(
      19,
    );
  });

  test('what waits for its turn at an endpoint that takes its time is a metric too', async () => {
    const held: (() => void)[] = [];
    const crm = await openReceiver(() => (response) => void held.push(() => response.writeHead(204).end()));
    await own.make({ url: crm.url, eventTypes: placed });
    const oldest = async (): Promise<number> => {
      const metrics = await (await fetch(`${it.url}/metrics`)).text();
      return Number(/^webhook_oldest_due_seconds\{[^}]*\} (\S+)$/m.exec(metrics)?.[1]);
    };
    const events = await Promise.all(Array.from({ length: 12 }, () => own.place()));
    await eventually(async () => expect(await oldest()).toBeGreaterThan(0.1), { within: 4_000 });
    await eventually(
      () => {
        for (const release of held.splice(0)) release();
        expect(new Set(idsOf(crm.received)).size).toBe(events.length);
      },
      { within: 10_000 },
    );
    await eventually(async () => expect(await oldest()).toBe(0), { within: 4_000 });
  });

  test('only the types and locations that were asked for are sent, and nothing of another organization', async () => {
    const there = await it.makeLocation();
    const [all, here] = [await openReceiver(), await openReceiver()];
    await own.make({ url: all.url, eventTypes: placed });
    await own.make({ url: here.url, eventTypes: placed, locationIds: [it.location.id] });
    const other = OrderPlaced.example;
    await it.deliver(OrderPlaced, { ...other, id: newId() }, { organizationId: it.other.id });
    const events = [await own.place(), await own.place({ locationId: there.id })];
    await eventually(() => all.received.length === 2 && here.received.length === 1, { within: 5_000 });
    expect(new Set(idsOf(all.received))).toEqual(new Set(events.map(({ id }) => id)));
    expect(idsOf(here.received)).toEqual([events[0]?.id]);
  });

  test('an event that the log brings twice is sent once', async () => {
    const receiver = await openReceiver();
    await own.make({ url: receiver.url, eventTypes: placed });
    const orderId = newId();
    const { id } = await own.place({ orderId });
    await own.place({ orderId, id });
    const last = await own.place();
    await eventually(() => idsOf(receiver.received).includes(last.id), { within: 5_000 });
    expect(idsOf(receiver.received).filter((each) => each === id)).toHaveLength(1);
  });

  test('a test ping is sent whatever the filters say', async () => {
    const receiver = await openReceiver();
    const { id, secret } = await own.make({ url: receiver.url, eventTypes: placed });
    const { body } = await it.call('post', `${hooks}/${id}/ping`).expect(202);
    expect(body).toMatchObject({ endpointId: id, eventType: WEBHOOK_PING, status: 'pending' });
    await eventually(() => receiver.received.length === 1, { within: 5_000 });
    const [got] = receiver.received;
    expect(got?.payload).toMatchObject({ id: body.eventId, type: WEBHOOK_PING, data: { endpointId: id } });
    expect(isSignedBy(secret, got!)).toBe(true);
  });
});

describe('K1: at least once, in the order of each aggregate', () => {
  test('while the receiver fails, is slow and dies, no event is sent before those of its aggregate that come first have been taken', async () => {
    let calls = 0;
    const taken: Received[] = [];
    const answers = (got: Received) => {
      const turn = calls++ % 5;
      if (turn === 0) return 500;
      if (turn === 1) return (response: { destroy(): void }) => response.destroy();
      taken.push(got);
      return 200;
    };
    const receiver = await openReceiver(answers);
    await own.make({ url: receiver.url, eventTypes: placed });
    const orders = Array.from({ length: 4 }, newId);
    for (let version = 1; version <= 6; version++) for (const orderId of orders) await own.place({ orderId, version });
    await eventually(() => taken.length >= 24, { within: 25_000 });
    for (const orderId of orders) {
      const versions = taken.filter(({ payload }) => payload.subject === orderId);
      expect(versions.map(({ payload }) => payload.aggregateVersion)).toEqual([1, 2, 3, 4, 5, 6]);
      // Also of those that failed, none came early.
      const tried = receiver.received.filter(({ payload }) => payload.subject === orderId);
      const numbers = tried.map(({ payload }) => payload.aggregateVersion);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  test('a receiver that was away gets everything when it is back, in order', async () => {
    const away = await openReceiver();
    await away.close();
    const { id } = await own.make({ url: away.url, eventTypes: placed });
    const orderId = newId();
    for (let version = 1; version <= 3; version++) await own.place({ orderId, version });
    const [waiting] = await eventually(
      async () => {
        const rows = await own.deliveries(id, '?status=pending');
        expect(rows).toHaveLength(3);
        expect(Math.max(...rows.map(({ attemptCount }) => attemptCount))).toBeGreaterThan(1);
        return rows;
      },
      { within: 5_000 },
    );
    expect((await own.read(id)).failingSince).not.toBeNull();
    const details = await it.call('get', `${hooks}/${id}/deliveries/${waiting?.id}`).expect(200);
    expect(details.body.payload).toMatchObject({ id: waiting?.eventId, subject: orderId });
    const back = await openReceiver(() => 200, { port: away.port });
    // At least once: one whose answer came too late is sent again.
    const arrived = () => [...new Set(back.received.map(({ payload }) => payload.aggregateVersion))];
    await eventually(() => expect(arrived()).toEqual([1, 2, 3]), { within: 10_000 });
    await eventually(async () => (await own.read(id)).failingSince === null, { within: 5_000 });
    const done = await own.deliveries(id, '?status=delivered');
    const first = done.find(({ aggregateVersion }) => aggregateVersion === 1);
    const { attempts } = (await it.call('get', `${hooks}/${id}/deliveries/${first?.id}`).expect(200)).body;
    expect(attempts[0]).toMatchObject({ outcome: 'unreachable', status: null });
    expect(attempts.at(-1)).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(attempts).toHaveLength(first?.attemptCount ?? 0);
  });

  test('what a courier had taken when it was killed is sent by another once its lease is over', async () => {
    const receiver = await openReceiver();
    await own.make({ url: receiver.url, eventTypes: placed });
    const orderId = newId();
    const { body } = await it.call('get', hooks).expect(200);
    const [{ id }] = body.data;
    await it.sql.query(
      `update webhook_endpoints set status = 'disabled', disabled_reason = 'by_hand', disabled_at = now()`,
    );
    await it.sql.query(
      `insert into webhook_events (organization_id, id, type, aggregate, aggregate_version, recorded_at, body)
       select $1, gen_random_uuid(), 'comanda.order.placed.v1', '/comanda/orders/' || $2, n, now(),
         json_build_object('subject', $2::text, 'aggregateVersion', n) from generate_series(1, 2) n`,
      [it.id, orderId],
    );
    await it.sql.query(
      `insert into webhook_deliveries (organization_id, id, endpoint_id, event_id, aggregate, aggregate_version, status, due_at, created_at)
       select organization_id, gen_random_uuid(), $1, id, aggregate, aggregate_version, 'pending', now(), now() from webhook_events where aggregate like '%' || $2`,
      [id, orderId],
    );
    // Another courier takes the first one and is never heard of again: it may or may not have been sent.
    const worker = connect(databaseUrls('integrations', it.environment).worker, { name: 'killed', pool: 1 });
    await worker.initialize();
    onTestFinished(() => worker.destroy());
    const taken = await asWorker(worker, async (tx) => {
      await tx.query(`update webhook_endpoints set status = 'enabled', disabled_reason = null, disabled_at = null`);
      return takeDue(tx, 8, {});
    });
    expect(taken).toHaveLength(1);
    // The second event waits for the first, and the first for its lease.
    const { rows } = await it.sql.query('select 1 from webhook_deliveries where leased_until > now()');
    expect([rows.length, receiver.received.length]).toEqual([1, 0]);
    await it.sql.query('update webhook_deliveries set leased_until = now() where leased_until is not null');
    await eventually(() => receiver.received.length === 2, { within: 5_000 });
    expect(receiver.received.map(({ payload }) => payload.aggregateVersion)).toEqual([1, 2]);
  });

  test('an answer that was lost with the database is asked for again: twice is possible, never is not', async () => {
    const receiver = await openReceiver();
    const { id } = await own.make({ url: receiver.url, eventTypes: placed });
    receiver.answer = () => (response) => {
      receiver.answer = () => 200;
      // Between the receiver's answer and the note of it, every connection of the courier is cut.
      void it.sql
        .query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'integrations-worker'
          and datname = current_database()`)
        .then(() => it.sql.query('alter table webhook_deliveries rename to moved'))
        .then(() => response.writeHead(200).end());
    };
    const { id: eventId } = await own.place();
    await eventually(() => receiver.received.length === 1, { within: 5_000 });
    await eventually(
      async () => {
        await it.sql.query('alter table if exists moved rename to webhook_deliveries');
        await it.sql.query('update webhook_deliveries set leased_until = now() where leased_until is not null');
        return (await own.deliveries(id, '?status=delivered')).length === 1;
      },
      { within: 10_000 },
    );
    expect(new Set(idsOf(receiver.received))).toEqual(new Set([eventId]));
  });
});

test('K1: an endpoint that never answers holds up nobody else, and gets eight requests at once at most', async () => {
  const slow = await openReceiver(() => () => undefined);
  const quick = await openReceiver();
  const { id } = await own.make({ url: slow.url, eventTypes: placed });
  await own.make({ url: quick.url, eventTypes: placed });
  const began = Date.now();
  const events = [];
  for (let n = 0; n < 20; n++) events.push(await own.place());
  await eventually(() => quick.received.length === 20, { within: 4_000 });
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(slow.most).toBe(8);
  const timedOut = async () => {
    const { rows } = await it.sql.query<{ duration_ms: number }>(
      `select a.duration_ms from webhook_attempts a join webhook_deliveries d on d.id = a.delivery_id
       where d.endpoint_id = $1 and a.outcome = 'timed_out'`,
      [id],
    );
    expect(rows).not.toEqual([]);
    return rows;
  };
  const [attempt] = await eventually(timedOut, { within: 10_000 });
  expect(attempt?.duration_ms).toBeGreaterThanOrEqual(4_900);
  expect(attempt?.duration_ms).toBeLessThan(8_000);
});

describe('K1: what a receiver answers', () => {
  test('a redirect is followed nowhere', async () => {
    const [hidden, receiver] = [await openReceiver(), await openReceiver()];
    receiver.answer = () => (response) => response.writeHead(307, { location: hidden.url }).end();
    const { id } = await own.make({ url: receiver.url, eventTypes: placed });
    await own.place();
    const [delivery] = await eventually(
      async () => {
        const rows = await own.deliveries(id);
        expect(rows[0]?.attemptCount).toBeGreaterThan(1);
        return rows;
      },
      { within: 5_000 },
    );
    const { attempts } = (await it.call('get', `${hooks}/${id}/deliveries/${delivery?.id}`).expect(200)).body;
    expect(attempts[0]).toMatchObject({ outcome: 'redirected', status: 307 });
    expect(hidden.received).toEqual([]);
  });

  test('an answer without an end is read for some kilobytes, and its status counts', async () => {
    let written = 0;
    const receiver = await openReceiver(() => (response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed || response.closed) return;
        written += 16_384;
        if (response.write(Buffer.alloc(16_384))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const { id } = await own.make({ url: receiver.url, eventTypes: placed });
    await own.place();
    await eventually(async () => (await own.deliveries(id, '?status=delivered')).length === 1, { within: 4_000 });
    // What the sockets' buffers take, and no more.
    expect(written).toBeLessThan(16 * 1024 * 1024);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('K1: replay', () => {
  test('from a point in time sends again what was recorded from then on, in order, under the same ids', async () => {
    const receiver = await openReceiver();
    const { id } = await own.make({ url: receiver.url, eventTypes: placed });
    const orderId = newId();
    const at = (minute: number): string => `2026-03-06T19:${minute}:00.000Z`;
    const events = [];
    for (let version = 1; version <= 4; version++)
      events.push(await own.place({ orderId, version, recordedAt: at(10 + version) }));
    await eventually(async () => (await own.deliveries(id, '?status=delivered')).length === 4, { within: 5_000 });
    receiver.received.length = 0;
    const replay = { from: at(12), to: at(14) };
    const { body } = await it.call('post', `${hooks}/${id}/replay`).send(replay).expect(202);
    expect(body).toEqual({ deliveries: 2 });
    await eventually(() => receiver.received.length === 2, { within: 5_000 });
    expect(idsOf(receiver.received)).toEqual([events[1]?.id, events[2]?.id]);
    await eventually(async () => (await own.deliveries(id, '?status=delivered')).length === 4, { within: 5_000 });
    receiver.received.length = 0;
    await it
      .call('post', `${hooks}/${id}/replay`)
      .send({ from: at(11), to: at(15) })
      .expect(202, { deliveries: 4 });
    await eventually(() => receiver.received.length === 4, { within: 5_000 });
    expect(receiver.received.map(({ payload }) => payload.aggregateVersion)).toEqual([1, 2, 3, 4]);
  });

  test('brings what happened before the endpoint was made, and while it was disabled', async () => {
    const [first, later] = [await openReceiver(), await openReceiver()];
    const early = await own.make({ url: first.url, eventTypes: placed });
    const from = new Date().toISOString();
    const before = await own.place();
    await own.change(early.id, 1, { status: 'disabled' }).expect(200);
    const meanwhile = await own.place();
    const { id } = await own.make({ url: later.url, eventTypes: placed });
    await it.call('post', `${hooks}/${id}/replay`).send({ from }).expect(202, { deliveries: 2 });
    await eventually(() => later.received.length === 2, { within: 5_000 });
    expect(new Set(idsOf(later.received))).toEqual(new Set([before.id, meanwhile.id]));
  });

  test('takes any moment there can be, as far from Greenwich as RFC 3339 goes', async () => {
    const { id } = await own.make({ url: (await openReceiver()).url, eventTypes: placed });
    await it
      .call('post', `${hooks}/${id}/replay`)
      .send({ from: '0059-03-13T12:19:06-19:54', to: '0000-01-01T00:00:00+23:59' })
      .expect(202, { deliveries: 0 });
  });
});

test('deliveries are listed newest first, page by page', async () => {
  const receiver = await openReceiver();
  const { id } = await own.make({ url: receiver.url, eventTypes: placed });
  const events = [];
  for (let n = 0; n < 5; n++) events.push((await own.place()).id);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { body: { data: { eventId: string }[]; nextCursor: string | null } } = await it
      .call('get', `${hooks}/${id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`)
      .expect(200);
    seen.push(...page.body.data.map(({ eventId }) => eventId));
    cursor = page.body.nextCursor;
  }
  expect(seen).toEqual(events.toReversed());
});
