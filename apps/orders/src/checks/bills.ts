import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Order } from '@comanda/contracts';
import { billKey, CONFIG, type PlatformConfig, signBill } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { KeptOrder } from '../orders/order.js';

/** Answers with orders: each check gets the bill that payments will trust. */
@Injectable()
export class Bills {
  readonly #key: KeyObject;

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#key = createSecretKey(billKey(config.COMANDA_SECRET));
  }

  answer({ organizationId, facts }: KeptOrder): Order {
    const { id: orderId, locationId } = facts;
    const checks = facts.checks.map((check) => {
      const { id: checkId, version, totals } = check;
      const { total, tax } = totals;
      return {
        ...check,
        bill: signBill(this.#key, { organizationId, locationId, orderId, checkId, version, total, tax }),
      };
    });
    return { ...facts, checks };
  }
}
