import type { AdjustTip, Payment } from '@comanda/contracts';
import { type Answer, type CallOf, idempotently, requireLocation } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { minorUnits } from '../amounts.js';
import { AttemptEntity } from '../attempts/attempt.entity.js';
import { lockPaid } from '../bills/bills.store.js';
import { write } from '../changes.js';
import { tipped, unresolved } from './payment.js';
import { enteredEvent, toPayment } from './payment-facts.js';
import { findPayment } from './payments.store.js';

/** Writes the tips that guests leave after their cards were authorised. */
@Injectable()
export class Tips {
  constructor(private readonly db: DataSource) {}

  adjust(call: CallOf<typeof AdjustTip>): Promise<Answer<Payment>> {
    const { caller, params, body } = call;
    return idempotently(this.db, call, async (tx) => {
      const found = await findPayment(tx, params.paymentId);
      requireLocation(caller, found.locationId);
      const { bill, payment } = await lockPaid(tx, found);
      const after = tipped(payment, bill, minorUnits(body.tip, payment.currency) ?? 0);
      // A capture that is under way has its tip already: it would be lost, or collected twice.
      if (await tx.existsBy(AttemptEntity, { paymentId: payment.id, status: In(['pending', 'unknown']) }))
        throw unresolved();
      await write(tx, [{ payments: [after], events: [enteredEvent(after, new Date())] }]);
      return toPayment(after);
    });
  }
}
