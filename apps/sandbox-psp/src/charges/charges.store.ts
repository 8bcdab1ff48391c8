import { insertRows, runPrepared, together, type Tx, updateRows } from '@comanda/platform';
import { CallEntity, type CallRow, ChargeEntity, type ChargeRow } from './charge.entity.js';
import type { Outcome } from './charge.js';

/** How calls were answered before, by their references. */
export async function answeredCalls(tx: Tx, references: readonly string[]): Promise<Map<string, Outcome>> {
  const rows = await runPrepared<{ reference: string; outcome: Outcome }>(tx, ANSWERED, [references]);
  return new Map(rows.map(({ reference, outcome }) => [reference, outcome]));
}

const ANSWERED = {
  name: 'calls.answered',
  text: 'select reference, outcome from calls where reference = any($1::uuid[])',
};

/** Keeps new charges and answers. @throws when one of the references was answered meanwhile, to undo what was done for it */
export async function keepAll(tx: Tx, charges: readonly ChargeRow[], calls: readonly CallRow[]): Promise<void> {
  const [, kept] = await together(insertRows(tx, ChargeEntity, charges), insertRows(tx, CallEntity, calls));
  if (kept < calls.length) throw new Error('A reference was answered meanwhile.');
}

/** Locks a charge until the transaction ends, so that two refunds cannot give the same money back. */
export function lockCharge(tx: Tx, id: string): Promise<ChargeRow | null> {
  return tx.findOne(ChargeEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

export const keepCharge = (tx: Tx, charge: ChargeRow): Promise<void> => updateRows(tx, ChargeEntity, MOVING, [charge]);
const MOVING = ['open', 'authorized', 'tipAllowance', 'captured', 'refunded', 'fee'] as const;

/** Gives a call that was declined another answer. */
export async function answerAnew(tx: Tx, call: CallRow): Promise<void> {
  await updateRows(tx, CallEntity, ['chargeId', 'moved', 'fee', 'outcome', 'createdAt'], [call]);
}
