import { insertRows, runPrepared, together, type Tx } from '@comanda/platform';
import type { Outcome } from './payment-provider.js';
import {
  SandboxCallEntity,
  type SandboxCallRow,
  SandboxChargeEntity,
  type SandboxChargeRow,
} from './sandbox.entity.js';

/** How a call was answered before, if it was. */
export async function answeredCall(tx: Tx, reference: string): Promise<Outcome | undefined> {
  return (await tx.findOneBy(SandboxCallEntity, { reference }))?.outcome;
}

/** How calls were answered before, by their references. */
export async function answeredCalls(tx: Tx, references: readonly string[]): Promise<Map<string, Outcome>> {
  const rows = await runPrepared<{ reference: string; outcome: Outcome }>(tx, ANSWERED, [references]);
  return new Map(rows.map(({ reference, outcome }) => [reference, outcome]));
}

const ANSWERED = {
  name: 'sandbox_calls.answered',
  text: 'select reference, outcome from sandbox_calls where reference = any($1::uuid[])',
};

/** Keeps new charges and answers. @throws when one of the references was answered meanwhile, to undo what was done for it */
export async function keepAll(
  tx: Tx,
  charges: readonly SandboxChargeRow[],
  calls: readonly SandboxCallRow[],
): Promise<void> {
  const [, kept] = await together(
    insertRows(tx, SandboxChargeEntity, charges),
    insertRows(tx, SandboxCallEntity, calls),
  );
  if (kept < calls.length) throw new Error('A reference was answered meanwhile.');
}

/** Locks a charge until the transaction ends, so that two refunds cannot give the same money back. */
export function lockCharge(tx: Tx, id: string): Promise<SandboxChargeRow | null> {
  return tx.findOne(SandboxChargeEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

export async function keepCharge(tx: Tx, charge: SandboxChargeRow): Promise<void> {
  await tx.upsert(SandboxChargeEntity, charge, ['organizationId', 'id']);
}

/** Keeps the answer. The same reference a second time breaks the primary key, and with it undoes what it did. */
export async function keepCall(
  tx: Tx,
  call: Pick<SandboxCallRow, 'organizationId' | 'reference' | 'kind' | 'amount' | 'outcome'>,
): Promise<void> {
  const { organizationId, reference, kind, amount, outcome } = call;
  await tx.insert(SandboxCallEntity, { organizationId, reference, kind, amount, outcome });
}

/** Whether the organization's money is real. */
export async function isLive(tx: Tx, organizationId: string): Promise<boolean> {
  const [organization] = await tx.sql<{ mode: string }[]>`
    select mode from known_organizations where organization_id = ${organizationId}`;
  return organization?.mode === 'live';
}
