import type { DataSource } from 'typeorm';
import { ALONE, GroupCommit, isDone, type Outcome } from '../database/group-commit.js';
import { JSON_BETWEEN, jsonTexts } from '../database/json-texts.js';
import { PATIENCE } from '../database/patience.js';
import { runPrepared } from '../database/prepared.js';
import { inTransaction, send, type Tx } from '../database/transaction.js';
import { Answer } from '../http/answer.js';
import { problemOf } from '../http/problem.filter.js';
import { Refusal } from '../refusal.js';
import { answered, binding, idempotently, isRemembered, type KeyedCall, LEASE } from './idempotency.js';

/** One of several requests of the same route that share a transaction. */
export interface GroupedCall {
  readonly call: KeyedCall;
}

interface Grouping<Asked, Result> {
  /** Beside the key, what two requests of one group must not have in common. */
  readonly apart: (asked: Asked) => readonly string[];
  /** Decides on all and writes all that is accepted; gives what came of each, in their order. */
  readonly together: (tx: Tx, group: readonly Asked[]) => Promise<readonly Outcome<Result>[]>;
}

/**
 * Runs the effects of requests of one route once for each key, many in one transaction, as `GroupCommit` does: known
 * answers, effects, new answers. A request that a group cannot do is done by itself, by `idempotently`.
 */
export function groupedEffects<Asked extends GroupedCall, Result extends object>(
  db: DataSource,
  { apart, together, alone }: Grouping<Asked, Result> & { alone: (tx: Tx, asked: Asked) => Promise<Result> },
): GroupCommit<Asked, Answer<Result>> {
  const settledBy = ({ call }: Asked, answer: Result): SettledCall => ({ call, status: call.endpoint.status, answer });
  return new GroupCommit<Asked, Answer<Result>>({
    lane: laneOf,
    apart: (asked) => [keyOf(asked), ...apart(asked)],
    until: untilOf,
    repeatable: true,
    async together(group) {
      const outcomes = await inGroup<Asked, Result, Result>(db, group, together, settledBy);
      return outcomes.map((outcome) =>
        isDone(outcome) && !(outcome instanceof Answer) ? new Answer(outcome) : outcome,
      );
    },
    alone: (asked) => idempotently(db, asked.call, (tx) => alone(tx, asked)),
  });
}

/**
 * The same for requests that leave their transaction on the way: what `together` gives is not the answer yet, so the key is
 * claimed with it, as by `claimKey`. Whoever has a key that is known already is left to `alone`. Nobody is told to come back
 * once its key is being claimed: a repeat would find that somebody is at it, and nobody would be.
 */
export function groupedClaims<Asked extends GroupedCall, Begun extends object, Known>(
  db: DataSource,
  { apart, together, alone }: Grouping<Asked, Begun> & { alone: (asked: Asked) => Promise<Begun | Answer<Known>> },
): GroupCommit<Asked, Begun | Answer<Known>> {
  const claimedBy = ({ call }: Asked): SettledCall => ({ call, status: null, answer: null });
  return new GroupCommit<Asked, Begun | Answer<Known>>({
    lane: laneOf,
    apart: (asked) => [keyOf(asked), ...apart(asked)],
    until: untilOf,
    together: (group) => inGroup<Asked, Begun, Known>(db, group, together, claimedBy),
    alone,
  });
}

/** What is stored under a key: an answer, or with no status that somebody is at it. */
export interface SettledCall {
  readonly call: KeyedCall;
  readonly status: number | null;
  readonly answer: unknown;
}

/** Stores the answers of claimed keys: successes, or refusals that are remembered. The first answer stays, whoever gave it. */
export async function settleKeys(tx: Tx, settled: readonly SettledCall[]): Promise<void> {
  if (settled.length === 0) return;
  const bindings = settled.map(({ call }) => binding(call));
  await runPrepared(tx, SETTLE, [
    settled[0]?.call.caller.organizationId,
    bindings.map(({ route }) => route),
    bindings.map(({ key }) => key),
    settled.map(({ status }) => status),
    jsonTexts(settled.map(({ answer }) => JSON.stringify(answer ?? null))),
  ]);
}

const laneOf = ({ call }: GroupedCall): string => call.caller.organizationId;
const untilOf = ({ call }: GroupedCall): number | undefined => call.until;
const keyOf = ({ call }: GroupedCall): string => `key ${binding(call).key}`;

function inGroup<Asked extends GroupedCall, Result extends object, Known>(
  db: DataSource,
  group: readonly Asked[],
  together: (tx: Tx, group: readonly Asked[]) => Promise<readonly Outcome<Result>[]>,
  settledBy: (asked: Asked, result: Result) => SettledCall,
): Promise<Outcome<Result | Answer<Known>>[]> {
  const calls = group.map(({ call }) => call);
  const write = async (tx: Tx) => {
    const known = await answersBefore<Known>(tx, calls);
    const fresh = group.filter((_, at) => known[at] === undefined);
    const outcomes = fresh.length > 0 ? await together(tx, fresh) : [];
    const settled = fresh.flatMap((asked, at): SettledCall[] => {
      const outcome = outcomes[at] ?? ALONE;
      if (isDone(outcome)) return [settledBy(asked, outcome)];
      return outcome instanceof Refusal && isRemembered(outcome) ? [refusedWith(asked, outcome)] : [];
    });
    storeAll(tx, settled);
    const fates = outcomes.values();
    return known.map((before) => before ?? fates.next().value ?? ALONE);
  };
  // One of them may be in the way of the others: the last quarter of their time is left for doing each alone.
  const until = performance.now() + (PATIENCE * 3) / 4;
  return inTransaction(db, calls[0]?.caller.organizationId ?? '', write, { until });
}

const refusedWith = ({ call }: GroupedCall, refusal: Refusal): SettledCall => ({
  call,
  status: refusal.status,
  answer: problemOf(refusal),
});

/** What the keys of calls of one route were answered with before; `ALONE` for one that is claimed, or was used otherwise. */
async function answersBefore<Known>(
  tx: Tx,
  calls: readonly KeyedCall[],
): Promise<(Answer<Known> | typeof ALONE | undefined)[]> {
  const bindings = calls.map(binding);
  const rows = await runPrepared<{ key: string; hash: string; status: number | null; answer: Known }>(tx, KNOWN, [
    calls[0]?.caller.organizationId,
    bindings[0]?.route,
    bindings.map(({ key }) => key),
  ]);
  const stored = new Map(rows.map((row) => [row.key, row]));
  return bindings.map(({ key, hash }) => {
    const row = stored.get(key);
    if (row === undefined) return undefined;
    return row.status === null || row.hash !== hash ? ALONE : answered<Known>({ ...row, status: row.status });
  });
}

/** Stores answers. Where somebody else used a key meanwhile, the whole transaction fails. */
function storeAll(tx: Tx, settled: readonly SettledCall[]): void {
  if (settled.length === 0) return;
  const bindings = settled.map(({ call }) => binding(call));
  send(tx, STORE, [
    settled[0]?.call.caller.organizationId,
    bindings[0]?.route,
    bindings[0]?.keep,
    LEASE,
    bindings.map(({ key }) => key),
    bindings.map(({ hash }) => hash),
    settled.map(({ status }) => status),
    jsonTexts(settled.map(({ status, answer }) => (status === null ? NONE : JSON.stringify(answer ?? null)))),
  ]);
}

const KNOWN = {
  name: 'idempotency_keys.known',
  text: `
    select key, hash, status, answer from idempotency_keys
    where organization_id = $1 and route = $2 and key = any($3::text[])`,
};

/** Stands for no answer among texts of JSON, none of which is empty. */
const NONE = '';

const STORE = {
  name: 'idempotency_keys.store',
  text: `
    insert into idempotency_keys (organization_id, route, key, hash, status, answer, lease_until, expires_at)
    select $1, $2, key, hash, status, answer, case when status is null then now() + $4::interval end, now() + $3::interval
    from unnest($5::text[], $6::text[], $7::int[], string_to_array($8, ${JSON_BETWEEN}, '${NONE}')::json[])
      as settled (key, hash, status, answer)`,
};

const SETTLE = {
  name: 'idempotency_keys.settle',
  text: `
    update idempotency_keys held set status = settled.status, answer = settled.answer, lease_until = null
    from unnest($2::text[], $3::text[], $4::int[], string_to_array($5, ${JSON_BETWEEN})::json[])
      as settled (route, key, status, answer)
    where held.organization_id = $1 and held.route = settled.route and held.key = settled.key and held.status is null`,
};
