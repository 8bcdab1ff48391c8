import type { ServiceType } from '@comanda/client';
import type { Reduction, Table } from './bill.js';
import type { OFFERS } from './bistro.js';
import type { Person } from './visit.js';

/** How guests order; what is left out is left to chance. */
export interface Ordering {
  readonly served?: ServiceType;
  readonly covers?: number;
  /** No combos: what is given for single things is worked out without them. */
  readonly plain?: boolean;
  /** Ordered beside what chance says. */
  readonly also?: readonly (readonly [variation: string, quantity: number, reductions?: readonly Reduction[]])[];
  readonly gift?: Table['gift'];
  readonly offer?: keyof typeof OFFERS | 'reward';
  readonly reductions?: readonly Reduction[];
  readonly by?: Person;
  readonly approver?: Person;
  readonly anonymous?: boolean;
}

/** How a payment is made. */
export interface Paying {
  readonly check?: number;
  /** All that is due, unless given. */
  readonly amount?: number;
  /** Parts per hundred of the amount. */
  readonly tip?: number;
  readonly ends?: 'captured' | 'authorized' | 'declined';
  readonly after?: number;
}
