import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Order } from '@comanda/contracts';
import { billKey, CONFIG, type PlatformConfig, returnKey, signBill, signClaim } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { KeptOrder } from '../orders/order.js';

/** Answers with orders: each check gets the bill that payments will trust, each return its claim. */
@Injectable()
export class Bills {
  readonly #key: KeyObject;
  readonly #returnKey: KeyObject;

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#key = createSecretKey(billKey(config.COMANDA_SECRET));
    this.#returnKey = createSecretKey(returnKey(config.COMANDA_SECRET));
  }

  answer({ organizationId, facts }: KeptOrder): Order {
    const { id: orderId, locationId, businessDate } = facts;
    const of = { organizationId, locationId, orderId };
    const checks = facts.checks.map((check) => {
      const { id: checkId, version, totals } = check;
      const { total, tax } = totals;
      return { ...check, bill: signBill(this.#key, { ...of, checkId, version, businessDate, total, tax }) };
    });
    const { returns, ...sold } = facts;
    if (!returns) return { ...sold, checks };
    const claimed = returns.map((each) => {
      const { id: returnId, total, tax } = each;
      return { ...each, claim: signClaim(this.#returnKey, { ...of, returnId, total, tax }) };
    });
    return { ...sold, checks, returns: claimed };
  }
}
