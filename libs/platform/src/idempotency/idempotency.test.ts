import { randomUUID } from 'node:crypto';
import { defineEndpoint, Id, PROBLEMS, type ProblemCode } from '@comanda/contracts';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connect } from '../database/connect.js';
import { inTransaction, type Tx } from '../database/transaction.js';
import { Answer } from '../http/answer.js';
import { Refusal } from '../refusal.js';
import { type ChecksDatabase, checksDatabase, connected, schema } from '../testing/checks-database.js';
import { claimKey, forgetKeys, idempotently, isRemembered, type KeyedCall } from './idempotency.js';
import { settleKeys } from './grouped-effects.js';

let it: ChecksDatabase;

beforeAll(async () => {
  it = await checksDatabase();
});

const described = {
  method: 'POST',
  path: '/v1/checks',
  summary: 'Seats guests.',
  scope: null,
  idempotent: true,
  answer: z.object({ id: Id }),
} as const;
const OpenCheck = defineEndpoint({ id: 'openCheck', ...described });
const PlaceOrder = defineEndpoint({ id: 'placeOrder', ...described, keepsKeys: 'for ever' });

const ours: string = randomUUID();

function callOf({
  key = randomUUID(),
  hash = 'soup for two',
  organizationId = ours,
  endpoint = OpenCheck,
} = {}): KeyedCall {
  const caller = {
    organizationId,
    id: 'till 3',
    kind: 'key',
    scopes: new Set([]),
    locations: null,
    ratePerSecond: null,
  } as const;
  return { endpoint, caller, idempotency: { key, hash } };
}

const open = async (tx: Tx, organizationId: string = ours, id: string = randomUUID()): Promise<{ id: string }> => {
  await tx.sql`insert into checks (id, organization_id, total_minor) values (${id}, ${organizationId}, 0)`;
  return { id };
};
const isOpen = async (id: string) => (await it.admin.query('select from checks where id = $1', [id])).rowCount === 1;
const checksOf = async (organizationId: string) =>
  (await it.admin.query('select from checks where organization_id = $1', [organizationId])).rowCount;
const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof Refusal)) throw new Error(`No refusal, but ${String(error)}.`);
  return error;
};
const refusing = (code: ProblemCode) => () => Promise.reject(new Refusal(code, 'The kitchen says no.', { left: 2 }));

describe('a request with a key', () => {
  test('has its effect once; a repeat gets the stored answer', async () => {
    const call = callOf();
    const first = await idempotently(it.db, call, open);
    expect(first.options).toEqual({});
    expect(await idempotently(it.db, call, (tx) => open(tx))).toEqual(
      new Answer(first.body, { status: 201, replayed: true }),
    );
    expect(await isOpen(first.body.id)).toBe(true);
  });

  test('a hundred times at once has one effect, and is worked on once', async () => {
    const organizationId: string = randomUUID();
    const call = callOf({ organizationId });
    let works = 0;
    const work = (tx: Tx) => {
      works++;
      return open(tx, organizationId);
    };
    const answers = await Promise.all(Array.from({ length: 100 }, () => idempotently(it.db, call, work)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ options }) => options.replayed)).toHaveLength(99);
    expect([works, await checksOf(organizationId)]).toEqual([1, 1]);
  });

  test('is sent away after two seconds while its twin is still under way, and answered when it is over', async () => {
    const call = callOf();
    const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = idempotently(it.db, call, async (tx) => {
      const check = await open(tx);
      started.resolve();
      await finish.promise;
      return check;
    });
    await started.promise;
    const refusal = await refusalOf(idempotently(it.db, call, open));
    expect([refusal.code, refusal.status, refusal.retryAfter]).toEqual(['request_in_flight', 409, 1]);
    finish.resolve();
    const { body } = await first;
    expect((await idempotently(it.db, call, open)).body).toEqual(body);
  });

  test('waits for a twin in another process too', async () => {
    const other = await connected(connect(it.urls.app, { name: 'app', entities: schema.entities, pool: 2 }));
    const call = callOf();
    const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let works = 0;
    const first = idempotently(other, call, async (tx) => {
      const check = await open(tx);
      started.resolve();
      await finish.promise;
      return check;
    });
    await started.promise;
    const second = idempotently(it.db, call, async (tx) => {
      const check = await open(tx);
      works++;
      return check;
    });
    const waiting = `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = $1)`;
    await eventually(async () => (await it.admin.query(waiting, [it.urls.database])).rowCount === 1, { within: 1_500 });
    expect(works).toBe(0);
    finish.resolve();
    expect(await second).toEqual(new Answer((await first).body, { status: 201, replayed: true }));
  });

  test('is sent away when its twin in another process does not end', async () => {
    const other = await connected(connect(it.urls.app, { name: 'app', entities: schema.entities, pool: 2 }));
    const call = callOf();
    const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = idempotently(other, call, async (tx) => {
      const check = await open(tx);
      started.resolve();
      await finish.promise;
      return check;
    });
    await started.promise;
    expect((await refusalOf(idempotently(it.db, call, open))).code).toBe('request_in_flight');
    finish.resolve();
    await first;
  });

  test('has its effect all the same when the twin it waited for failed', async () => {
    const call = callOf();
    const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = idempotently(it.db, call, async () => {
      started.resolve();
      await finish.promise;
      throw new Error('a defect');
    });
    await started.promise;
    const others = [idempotently(it.db, call, open), idempotently(it.db, call, open)];
    finish.resolve();
    await expect(first).rejects.toThrow('a defect');
    const answers = await Promise.all(others);
    expect(answers.filter(({ options }) => options.replayed)).toHaveLength(1);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
  });

  test('and another body is refused, even where its own work would be refused', async () => {
    const key = randomUUID();
    await idempotently(it.db, callOf({ key }), open);
    for (const work of [open, refusing('countdown_exhausted')])
      expect(await refusalOf(idempotently(it.db, callOf({ key, hash: 'soup for three' }), work))).toMatchObject({
        code: 'idempotency_key_reused',
        status: 422,
      });
  });

  test('shares it with no other organization and no other route', async () => {
    const key = randomUUID();
    const theirs = randomUUID();
    await idempotently(it.db, callOf({ key }), open);
    for (const call of [
      callOf({ key, organizationId: theirs, hash: 'pizza' }),
      callOf({ key, endpoint: PlaceOrder, hash: 'wine' }),
    ])
      expect((await idempotently(it.db, call, (tx) => open(tx, call.caller.organizationId))).options).toEqual({});
  });

  test('can keep a secret of its answer to itself', async () => {
    const call = callOf();
    const work = () => Promise.resolve({ key: 'cmd_live_1' as string | null });
    const remember = () => ({ key: null });
    expect((await idempotently(it.db, call, work, { remember })).body).toEqual({ key: 'cmd_live_1' });
    expect((await idempotently(it.db, call, work, { remember })).body).toEqual({ key: null });
  });

  test('may be answered with nothing', async () => {
    const call = callOf();
    await idempotently(it.db, call, () => Promise.resolve(undefined));
    expect(await idempotently(it.db, call, () => Promise.resolve(undefined))).toMatchObject({
      body: null,
      options: { replayed: true },
    });
  });

  test('is answered from memory even where its own first effect stands in the way of a second', async () => {
    const id = randomUUID();
    const call = callOf();
    await idempotently(it.db, call, (tx) => open(tx, ours, id));
    expect(await idempotently(it.db, call, (tx) => open(tx, ours, id))).toMatchObject({
      body: { id },
      options: { replayed: true },
    });
    await expect(idempotently(it.db, callOf(), (tx) => open(tx, ours, id))).rejects.toMatchObject({ code: '23505' });
  });
});

describe('a refusal', () => {
  test('of a rule is remembered, and has no effect', async () => {
    const organizationId = randomUUID();
    const call = callOf({ organizationId });
    const refused = idempotently(it.db, call, async (tx) => {
      await open(tx, organizationId);
      return refusing('countdown_exhausted')();
    });
    expect(await refusalOf(refused)).toMatchObject({ code: 'countdown_exhausted', facts: { left: 2 } });
    const repeated = await idempotently(it.db, call, (tx) => open(tx, organizationId));
    expect(repeated.body).toMatchObject({ code: 'countdown_exhausted', detail: 'The kitchen says no.', left: 2 });
    expect(repeated.options).toEqual({
      status: 409,
      replayed: true,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(await checksOf(organizationId)).toBe(0);
  });

  test.each(['scope_missing', 'rate_limited', 'unavailable', 'malformed_request'] as const)(
    '%s is not: the next try may work',
    async (code) => {
      const call = callOf();
      expect((await refusalOf(idempotently(it.db, call, refusing(code)))).code).toBe(code);
      expect((await idempotently(it.db, call, open)).options).toEqual({});
    },
  );

  test('is remembered by its status: 404, 409, 412 and 422, but for what may yet end otherwise', () => {
    const codes = Object.keys(PROBLEMS) as ProblemCode[];
    const forgotten = codes.filter((code) => !isRemembered(new Refusal(code, '')));
    expect(forgotten.filter((code) => [404, 409, 412, 422].includes(PROBLEMS[code].status)).toSorted()).toEqual([
      'idempotency_key_reused',
      'payment_unresolved',
      'request_in_flight',
    ]);
    expect(new Set(codes.filter((code) => !forgotten.includes(code)).map((code) => PROBLEMS[code].status))).toEqual(
      new Set([404, 409, 412, 422]),
    );
  });

  test('that comes after the twin has succeeded gives way to its answer', async () => {
    const call = callOf();
    const { body } = await idempotently(it.db, call, open);
    expect((await idempotently(it.db, call, refusing('order_state') as never)).body).toEqual(body);
  });
});

describe('a failure', () => {
  test('is not remembered, and leaves nothing', async () => {
    const organizationId = randomUUID();
    const call = callOf({ organizationId });
    const failed = idempotently(it.db, call, async (tx) => {
      await open(tx, organizationId);
      throw new Error('a defect');
    });
    await expect(failed).rejects.toThrow('a defect');
    expect(await checksOf(organizationId)).toBe(0);
    expect((await idempotently(it.db, call, (tx) => open(tx, organizationId))).options).toEqual({});
  });

  test('of the connection at the very end leaves neither effect nor key', async () => {
    const organizationId = randomUUID();
    const call = callOf({ organizationId });
    const cut = idempotently(it.db, call, async (tx) => {
      const check = await open(tx, organizationId);
      const [row] = await tx.sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
      await it.admin.query('select pg_terminate_backend($1)', [row.pid]);
      return check;
    });
    await expect(cut).rejects.toThrow();
    expect(await checksOf(organizationId)).toBe(0);
    expect((await idempotently(it.db, call, (tx) => open(tx, organizationId))).options).toEqual({});
  });
});

describe('a request that leaves its transaction', () => {
  const claim = (call: KeyedCall) => inTransaction(it.db, ours, (tx) => claimKey(tx, call));
  const settle = (call: KeyedCall, answer: unknown, status = 201) =>
    inTransaction(it.db, ours, (tx) => settleKeys(tx, [{ call, status, answer }]));
  const die = (call: KeyedCall) =>
    it.admin.query(`update idempotency_keys set lease_until = now() - interval '1 second' where key = $1`, [
      call.idempotency?.key,
    ]);

  test('claims its key, and a repeat is sent away until it is settled', async () => {
    const call = callOf();
    expect(await claim(call)).toBeUndefined();
    expect(await refusalOf(claim(call))).toMatchObject({ code: 'request_in_flight', retryAfter: 1 });
    await settle(call, { paid: 42_00 });
    expect(await claim(call)).toEqual(new Answer({ paid: 42_00 }, { status: 201, replayed: true }));
  });

  test('and died is taken up by a repeat after its lease, by one of them', async () => {
    const call = callOf();
    await claim(call);
    await die(call);
    const takers = await Promise.all([1, 2, 3, 4].map(() => claim(call).catch((error: Refusal) => error.code)));
    expect(takers.filter((code) => code === undefined)).toHaveLength(1);
    expect(takers.filter((code) => code === 'request_in_flight')).toHaveLength(3);
  });

  test('and died is not taken up by another body', async () => {
    const key = randomUUID();
    await claim(callOf({ key }));
    await die(callOf({ key }));
    expect((await refusalOf(claim(callOf({ key, hash: 'another amount' })))).code).toBe('idempotency_key_reused');
  });

  test('and was answered is never claimed again, however old its lease', async () => {
    const call = callOf();
    await claim(call);
    await settle(call, { paid: 42_00 });
    await die(call);
    expect(await claim(call)).toMatchObject({ options: { replayed: true } });
  });

  test('and was thought dead does not change what was answered in its place', async () => {
    const call = callOf();
    await claim(call);
    await die(call);
    await claim(call);
    await settle(call, { paid: 42_00 });
    await settle(call, { code: 'payment_declined' }, 422);
    expect(await claim(call)).toMatchObject({ body: { paid: 42_00 }, options: { status: 201 } });
  });

  test('is sent away after two seconds while another claims the same key', async () => {
    const call = callOf();
    const [claimed, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = inTransaction(it.db, ours, async (tx) => {
      await claimKey(tx, call);
      claimed.resolve();
      await finish.promise;
    });
    await claimed.promise;
    expect((await refusalOf(claim(call))).code).toBe('request_in_flight');
    finish.resolve();
    await first;
  });
});

describe('keys', () => {
  test('are kept for a month, or for ever where the route says so', async () => {
    const [month, ever] = [callOf(), callOf({ endpoint: PlaceOrder })];
    for (const call of [month, ever]) await idempotently(it.db, call, open);
    const kept = async ({ idempotency }: KeyedCall) =>
      (
        await it.admin.query(
          `select expires_at - created_at >= interval '30 days' as long from idempotency_keys where key = $1`,
          [idempotency?.key],
        )
      ).rows;
    expect(await kept(month)).toEqual([{ long: true }]);
    expect(await kept(ever)).toEqual([{ long: null }]);
  });

  test('that are older are forgotten, of all organizations, a few at a time', async () => {
    const old = [callOf(), callOf(), callOf({ organizationId: randomUUID() })];
    const recent = callOf();
    for (const call of [...old, recent]) await idempotently(it.db, call, () => Promise.resolve('done'));
    const keysOf = (calls: KeyedCall[]) => calls.map(({ idempotency }) => idempotency?.key);
    await it.admin.query(`update idempotency_keys set expires_at = now() - interval '1 day' where key = any($1)`, [
      keysOf(old),
    ]);
    expect([await forgetKeys(it.worker, 2), await forgetKeys(it.worker, 2), await forgetKeys(it.worker, 2)]).toEqual([
      2, 1, 0,
    ]);
    expect(
      (await it.admin.query('select from idempotency_keys where key = any($1)', [keysOf([...old, recent])])).rowCount,
    ).toBe(1);
  });
});

test('a route that is not described as idempotent has no keys', async () => {
  const call = { ...callOf(), idempotency: undefined };
  await expect(idempotently(it.db, call, open)).rejects.toThrow('openCheck is not described as idempotent.');
});
