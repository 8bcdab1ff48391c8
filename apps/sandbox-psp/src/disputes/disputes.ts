import { inTransaction, newId } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { lockCharge } from '../charges/charges.store.js';
import { NotThere } from '../codes/codes.js';
import type { Notices } from '../webhooks/notices.js';
import { DisputeEntity, type DisputeRow } from './dispute.entity.js';

/** A dispute takes the money away at once, and 15 units of the currency's hundredths for the trouble. */
const FEE = 15_00;

/** Disputes: the guest's bank takes the money back; who wins keeps it, and the fee stays. */
export class Disputes {
  constructor(
    private readonly db: DataSource,
    private readonly notices: Notices,
  ) {}

  /** @throws NotThere for an unknown charge */
  async open(organizationId: string, chargeId: string, asked: { amount?: number | undefined; reason: string }) {
    const dispute = await inTransaction(this.db, organizationId, async (tx) => {
      const charge = await lockCharge(tx, chargeId);
      if (!charge) throw new NotThere();
      const made: DisputeRow = {
        organizationId,
        id: `dp_${newId()}`,
        chargeId,
        currency: charge.currency,
        amount: asked.amount ?? charge.captured - charge.refunded,
        fee: FEE,
        reason: asked.reason,
        status: 'open',
        openedAt: new Date(),
        closedAt: null,
      };
      await tx.insert(DisputeEntity, made);
      await this.notices.keep(tx, organizationId, 'dispute.opened', factsOf(made));
      return made;
    });
    return factsOf(dispute);
  }

  /** @throws NotThere for a dispute that is not open */
  async close(organizationId: string, id: string, won: boolean) {
    return inTransaction(this.db, organizationId, async (tx) => {
      const dispute = await tx.findOne(DisputeEntity, {
        where: { id, status: 'open' },
        lock: { mode: 'pessimistic_write' },
      });
      if (!dispute) throw new NotThere();
      const after: DisputeRow = { ...dispute, status: won ? 'won' : 'lost', closedAt: new Date() };
      await tx.update(DisputeEntity, { id }, { status: after.status, closedAt: after.closedAt });
      await this.notices.keep(tx, organizationId, 'dispute.closed', factsOf(after));
      return factsOf(after);
    });
  }
}

const factsOf = ({ id, chargeId, currency, amount, fee, reason, status, openedAt, closedAt }: DisputeRow) => ({
  dispute: id,
  charge: chargeId,
  currency,
  amount,
  fee,
  reason,
  status,
  openedAt: openedAt.toISOString(),
  closedAt: closedAt?.toISOString() ?? null,
});
