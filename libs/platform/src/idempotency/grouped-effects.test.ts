import { randomUUID } from 'node:crypto';
import { defineEndpoint, Id } from '@comanda/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ALONE, type Outcome } from '../database/group-commit.js';
import type { Tx } from '../database/transaction.js';
import { Answer } from '../http/answer.js';
import { Refusal } from '../refusal.js';
import { type ChecksDatabase, checksDatabase } from '../testing/checks-database.js';
import { groupedClaims, groupedEffects } from './grouped-effects.js';
import { claimKey, idempotently, type KeyedCall } from './idempotency.js';

const OpenCheck = defineEndpoint({
  id: 'openCheck',
  method: 'POST',
  path: '/v1/checks',
  summary: 'Seats guests.',
  scope: null,
  idempotent: true,
  answer: z.object({ id: Id }),
});

/** A check to be opened. `says` is what the house thinks of it. */
interface Opening {
  readonly call: KeyedCall;
  readonly id: string;
  readonly says?: 'no' | 'later' | 'alone';
}

let it: ChecksDatabase;
let organizationId: string;

beforeAll(async () => {
  it = await checksDatabase();
  organizationId = randomUUID();
});

const opening = (changes: Partial<Opening> & { key?: string; hash?: string } = {}): Opening => {
  const { key = randomUUID(), hash = 'soup for two', ...more } = changes;
  const caller = { organizationId, id: 'till 3', kind: 'key', scopes: new Set<never>(), locations: null } as const;
  const call = { endpoint: OpenCheck, caller: { ...caller, ratePerSecond: null }, idempotency: { key, hash } };
  return { id: randomUUID(), call, ...more };
};

const insert = (tx: Tx, ids: readonly string[]) => tx.sql`
  insert into checks (id, organization_id, total_minor)
  select id, ${organizationId}, 0 from unnest(${ids}::uuid[]) as given (id)`;

const NO = new Refusal('nothing_due', 'The kitchen says no.');
const LATER = new Refusal('payment_unresolved', 'The kitchen does not know yet.');
const verdict = ({ says, id }: Opening): Outcome<{ id: string }> =>
  says === 'no' ? NO : says === 'later' ? LATER : says === 'alone' ? ALONE : { id };

/** A process that opens checks, and how many it opened together each time. */
function house() {
  const groups: number[] = [];
  const opened = groupedEffects<Opening, { id: string }>(it.db, {
    apart: () => [],
    async together(tx, group) {
      groups.push(group.length);
      const outcomes = group.map(verdict);
      await insert(
        tx,
        group.filter(({ says }) => says === undefined).map(({ id }) => id),
      );
      return outcomes;
    },
    async alone(tx, { id }) {
      await insert(tx, [id]);
      return { id };
    },
  });
  const open = (...openings: Opening[]) => Promise.allSettled(openings.map((each) => opened.run(each)));
  return { open, groups };
}

const transactionsOf = async (ids: readonly string[]): Promise<number> =>
  (await it.admin.query('select distinct xmin::text from checks where id = any($1)', [ids])).rowCount ?? 0;
const keysStored = async (calls: readonly Opening[]): Promise<number> =>
  (
    await it.admin.query('select from idempotency_keys where key = any($1) and status is not null', [
      calls.map(({ call }) => call.idempotency?.key),
    ])
  ).rowCount ?? 0;
const fulfilled = (settled: PromiseSettledResult<Answer<unknown>>[]): Answer<unknown>[] =>
  settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));

describe('requests that come together', () => {
  test('share a transaction with their keys, and each gets its answer', async () => {
    const { open } = house();
    const openings = Array.from({ length: 50 }, () => opening());
    const answers = fulfilled(await open(...openings));
    expect(answers).toEqual(openings.map(({ id }) => new Answer({ id })));
    expect(await transactionsOf(openings.map(({ id }) => id))).toBe(1);
    expect(await keysStored(openings)).toBe(50);
  });

  test('have one effect where they are repeats of each other, within one process and between two', async () => {
    const [one, other] = [house(), house()];
    const key = randomUUID();
    const repeats = (): Opening[] => Array.from({ length: 20 }, () => opening({ key }));
    const [first, second] = [repeats(), repeats()];
    const answers = fulfilled((await Promise.all([one.open(...first), other.open(...second)])).flat());
    expect(answers).toHaveLength(40);
    expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
    expect(answers.filter(({ options }) => options.replayed)).toHaveLength(39);
    expect(await transactionsOf([...first, ...second].map(({ id }) => id))).toBe(1);
  });

  test('are answered from their keys when all of them come again, without being worked on', async () => {
    const { open, groups } = house();
    const openings = Array.from({ length: 10 }, () => opening());
    await open(...openings);
    const again = fulfilled(await open(...openings));
    expect(again).toEqual(openings.map(({ id }) => new Answer({ id }, { status: 201, replayed: true })));
    expect(groups).toEqual([10]);
  });

  test('do not suffer from one whose id is taken', async () => {
    const { open } = house();
    const taken = opening();
    await open(taken);
    const good = Array.from({ length: 5 }, () => opening());
    const [clash, ...others] = await open(opening({ id: taken.id }), ...good);
    expect(clash).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
    expect(fulfilled(others)).toHaveLength(5);
    expect(await keysStored(good)).toBe(5);
  });

  test('do not suffer from one that is refused: that is remembered where it is for ever, and not where it may pass', async () => {
    const { open } = house();
    const [good, no, later] = [opening(), opening({ says: 'no' }), opening({ says: 'later' })];
    const outcomes = await open(good, no, later);
    expect(outcomes.map((each) => (each.status === 'rejected' ? each.reason : each.value.body))).toEqual([
      { id: good.id },
      NO,
      LATER,
    ]);
    expect(await Promise.all([good, no, later].map((each) => keysStored([each])))).toEqual([1, 1, 0]);
    const [again] = await open(no);
    expect(again).toMatchObject({ value: { body: { code: 'nothing_due' }, options: { status: 409, replayed: true } } });
  });

  test('do not suffer from one that has to be done alone', async () => {
    const { open } = house();
    const [good, alone] = [opening(), opening({ says: 'alone' })];
    expect(fulfilled(await open(good, alone))).toEqual([new Answer({ id: good.id }), new Answer({ id: alone.id })]);
    expect(await transactionsOf([good.id, alone.id])).toBe(2);
    expect(await keysStored([good, alone])).toBe(2);
  });

  test('and one that uses the key of another request is told so', async () => {
    const { open } = house();
    const first = opening();
    await open(first);
    const [again] = await open(opening({ key: first.call.idempotency?.key ?? '', hash: 'fish for three' }));
    expect(again).toMatchObject({ status: 'rejected', reason: { code: 'idempotency_key_reused' } });
  });
});

describe('requests that leave their transaction on the way', () => {
  const claims = () =>
    groupedClaims<Opening, { id: string }, never>(it.db, {
      apart: () => [],
      together: (_tx, group) => Promise.resolve(group.map(verdict)),
      alone: () => Promise.reject(new Refusal('request_in_flight', 'Somebody is at it.')),
    });

  test('claim their keys together: nobody else may begin', async () => {
    const openings = Array.from({ length: 5 }, () => opening());
    const claiming = claims();
    expect(await Promise.all(openings.map((each) => claiming.run(each)))).toEqual(openings.map(({ id }) => ({ id })));
    expect(await keysStored(openings)).toBe(0);
    for (const { call } of openings)
      await expect(idempotently(it.db, call, (tx) => claimKey(tx, call))).rejects.toMatchObject({
        code: 'request_in_flight',
      });
  });

  test('are left to themselves where a key is known', async () => {
    const first = opening();
    await claims().run(first);
    await expect(claims().run(first)).rejects.toMatchObject({ code: 'request_in_flight' });
  });
});
