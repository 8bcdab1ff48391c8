import { CapturePayment, VoidPayment } from '@comanda/contracts';
import { money } from '@comanda/money';
import { businessDate, type Caller, CONFIG, inTransaction, LOGGER, Refusal, WORKER_DATABASE } from '@comanda/platform';
import { KnownLocations, Sweeper } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { lockPaid } from '../bills/bills.store.js';
import { write } from '../changes.js';
import type { PaymentsConfig } from '../payments.config.js';
import { Tenders } from '../payments/tenders.js';
import { alertsFor, atClosing, type Step } from './closing.js';
import { type Open, openAuthorizations } from './closing.store.js';

/**
 * Sees to authorisations that nobody has captured when their location closes: somebody is told, and they are captured, let
 * go or kept, as the operator has decided. Any number of processes may do so; the idempotency key captures each once.
 */
@Injectable()
export class ClosingTime extends Sweeper {
  constructor(
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
    private readonly db: DataSource,
    private readonly tenders: Tenders,
    private readonly locations: KnownLocations,
    @Inject(CONFIG) private readonly config: PaymentsConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    super(INTERVAL_MS, 'open authorisations could not be seen to', log);
  }

  /** Sees to all that are open, once. What fails is tried again in the next round. */
  async sweep(): Promise<void> {
    const graceMs = this.config.PAYMENT_CLOSING_GRACE_MINUTES * 60_000;
    for await (const open of openAuthorizations(this.worker, new Date(Date.now() - graceMs))) await this.#see(open);
  }

  async #see({ organizationId, id, checkId, locationId, occurredAt }: Open): Promise<void> {
    try {
      const { timeZone, closingHour } = await this.locations.get(organizationId, locationId);
      const now = new Date();
      const day = businessDate(now, timeZone, closingHour);
      const { step, currency } = await inTransaction(this.db, organizationId, async (tx) => {
        const { bill, payment } = await lockPaid(tx, { id, checkId });
        if (payment.status !== 'authorized') return { step: null, currency: payment.currency };
        const newTasks = alertsFor(payment, day, this.config.PAYMENT_AUTHORIZATION_DAYS, now);
        await write(tx, [{ newTasks }]);
        const closed = payment.businessDate < day;
        const decided = closed ? atClosing(payment, bill, this.config.PAYMENT_OPEN_AUTHORIZATIONS) : null;
        return { step: decided, currency: payment.currency };
      });
      await this.#take(step, { organizationId, id, occurredAt, currency });
    } catch (error) {
      const level = error instanceof Refusal ? 'info' : 'warn';
      this.log[level]({ err: error, payment: id }, 'an open authorisation stays open');
    }
  }

  /** As a request of the house's own, it goes the way of all: once for its key, also when the process dies on the way. */
  async #take(
    step: Step,
    {
      organizationId,
      id,
      occurredAt,
      currency,
    }: Pick<Open, 'organizationId' | 'id' | 'occurredAt'> & { currency: string },
  ): Promise<void> {
    if (step === null) return;
    const call = {
      params: { paymentId: id },
      caller: { ...HOUSE, organizationId },
      idempotency: { key: `closing-${id}`, hash: 'closing' },
    };
    if (step.kind === 'void') {
      await this.tenders.void({ ...call, endpoint: VoidPayment, body: undefined });
      return;
    }
    // It counts for the evening that it is of, not for the morning on which it is seen to.
    const body = { amount: money(step.amount, currency), occurredAt: occurredAt.toISOString() };
    await this.tenders.capture({ ...call, endpoint: CapturePayment, body });
  }
}

/** Who captures at closing time; the times of an evening are the past when it is over. */
const HOUSE: Omit<Caller, 'organizationId'> = {
  id: 'closing',
  kind: 'token',
  scopes: new Set(['payments:write', 'orders:import']),
  locations: null,
  ratePerSecond: null,
};
const INTERVAL_MS = 60_000;
