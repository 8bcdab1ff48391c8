import {
  ChangeProgram,
  ListPoints,
  type LoyaltyProgram,
  MovePoints,
  type PointsEntry,
  ReadProgram,
  SummarizePoints,
  type TierRules,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  pageOfRows,
  Refusal,
  requireVersion,
  type Tx,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findCustomer, lockCustomer } from '../customers/customers.js';
import { book } from './book.js';
import { PointsEntryRow, ProgramRow } from './points.entity.js';
import { summaryOf } from './points.store.js';

@Controller()
export class PointsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListPoints)
  list(@Call() { caller, params: { customerId }, query }: CallOf<typeof ListPoints>) {
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      await findCustomer(tx, caller.organizationId, customerId);
      const rows = tx
        .createQueryBuilder(PointsEntryRow, 'entry')
        .where('entry.customerId = :customerId', { customerId });
      return pageOfRows(rows, query, { by: 'recordedAt', newestFirst: true }, toEntry);
    });
  }

  @Endpoint(MovePoints)
  move(@Call() call: CallOf<typeof MovePoints>): Promise<Answer<PointsEntry>> {
    const {
      caller,
      params: { customerId },
      body: { kind, points, reason },
    } = call;
    return idempotently(this.db, call, async (tx) => {
      if (kind === 'redeem' && points > 0)
        throw new Refusal('points_sign', 'A redemption takes points: give a negative number.', {
          errors: [{ pointer: '/points', detail: 'Negative for a redemption.' }],
        });
      const customer = await lockCustomer(tx, caller.organizationId, customerId);
      if (customer.erasedAt) throw new Refusal('customer_erased', 'The customer has been erased.');
      if (points < 0 && customer.points + points < 0)
        throw new Refusal('points_insufficient', `The customer has ${customer.points} points.`, {
          points: customer.points,
        });
      const move = { customerId, kind, points, orderId: null, paymentId: null, reason, occurredAt: new Date() };
      const [entry] = await book(tx, caller.organizationId, [move]);
      if (!entry) throw new Error('The customer is locked, and nothing was booked for them.');
      return entry;
    });
  }

  @Endpoint(ReadProgram)
  program(@Call() { caller }: CallOf<typeof ReadProgram>): Promise<LoyaltyProgram> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toProgram(await lockProgram(tx, caller.organizationId)),
    );
  }

  @Endpoint(ChangeProgram)
  changeProgram(@Call() call: CallOf<typeof ChangeProgram>): Promise<LoyaltyProgram> {
    const {
      caller: { organizationId },
      body: { version: _, ...change },
    } = call;
    requireOwnLevels(change.tiers?.levels ?? []);
    return inTransaction(this.db, organizationId, async (tx) => {
      const row = await lockProgram(tx, organizationId);
      requireVersion(call, toProgram(row));
      const changed: ProgramRow = { ...row, ...given(change), version: row.version + 1 };
      await tx.update(ProgramRow, { organizationId }, changed);
      return toProgram(changed);
    });
  }

  @Endpoint(SummarizePoints)
  summarize(@Call() { caller, body: { orderIds } }: CallOf<typeof SummarizePoints>) {
    return inTransaction(this.db, caller.organizationId, (tx) => summaryOf(tx, caller.organizationId, orderIds));
  }
}

/** @throws Refusal `thresholds_invalid` where two tiers cannot be told apart */
function requireOwnLevels(levels: readonly TierRules['levels'][number][]): void {
  const own = (of: 'code' | 'threshold'): boolean => new Set(levels.map((level) => level[of])).size === levels.length;
  if (!own('code') || !own('threshold'))
    throw new Refusal('thresholds_invalid', 'Each tier has a code and a threshold of its own.');
}

/** Locks the program until the transaction ends; the first who asks makes it. */
async function lockProgram(tx: Tx, organizationId: string): Promise<ProgramRow> {
  await tx.sql`insert into programs (organization_id, points_per_unit, version) values (${organizationId}, 1, 1) on conflict do nothing`;
  const row = await tx.findOne(ProgramRow, { where: { organizationId }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Error('The program was not stored.');
  return row;
}

const toProgram = ({ pointsPerUnit, tiers, version }: ProgramRow): LoyaltyProgram => ({
  pointsPerUnit,
  tiers,
  version,
});

/** An entry as it is answered. */
export function toEntry(row: PointsEntryRow): PointsEntry {
  const { organizationId: _, occurredAt, recordedAt, ...entry } = row;
  return { ...entry, occurredAt: occurredAt.toISOString(), recordedAt: recordedAt.toISOString() };
}
