import { share } from '@comanda/money';

/** What the provider answers to a call, as its HTTP interface has it. Amounts are minor units. */
export type Outcome =
  | {
      readonly status: 'approved';
      readonly charge: string;
      readonly fee: number;
      readonly tipAllowance: number;
      readonly card: { readonly brand: string; readonly last4: string };
    }
  | { readonly status: 'declined'; readonly code: string };

/** A charge as the provider keeps it. */
export interface Charge {
  readonly id: string;
  /** The call that made it. */
  readonly reference: string;
  readonly organizationId: string;
  open: boolean;
  authorized: number;
  captured: number;
  refunded: number;
}

export interface Authorization {
  readonly reference: string;
  readonly amount: number;
  readonly capture: boolean;
}

/**
 * The provider's own books: what it really holds, and how every call ended, once for each reference. They are the truth that
 * the ledger is held against.
 */
export class Books {
  readonly charges = new Map<string, Charge>();
  readonly #calls = new Map<string, Outcome>();

  constructor(readonly organizationId: string) {}

  ended(reference: string): Outcome | undefined {
    return this.#calls.get(reference);
  }

  /** @param declined whether the card is no good */
  authorize(asked: Authorization, declined: boolean): Outcome {
    return this.#once(asked.reference, () => (declined ? CARD_DECLINED : this.#charge(asked)));
  }

  /** Takes the money of a call that was declined. */
  collectAfterAll(asked: Authorization): void {
    this.#calls.set(asked.reference, this.#charge(asked));
  }

  move(id: string, step: string, reference: string, amount: number): Outcome {
    return this.#once(reference, () => {
      const charge = this.charges.get(id);
      if (!charge) return { status: 'declined', code: 'unknown_authorization' };
      switch (step) {
        case 'capture':
          if (!charge.open || amount > charge.authorized + allowanceOn(charge.authorized)) return NOT_AUTHORIZED;
          charge.open = false;
          charge.captured = amount;
          return approved(charge, feeOn(amount));
        case 'void':
          if (!charge.open) return NOT_AUTHORIZED;
          charge.open = false;
          return approved(charge, 0);
        case 'refunds':
          if (charge.refunded + amount > charge.captured) return { status: 'declined', code: 'exceeds_captured' };
          charge.refunded += amount;
          return approved(charge, 0);
        default:
          throw new Error(`The provider has no step ${step}.`);
      }
    });
  }

  #charge({ reference, amount, capture }: Authorization): Outcome {
    const charge: Charge = {
      id: `sim_${reference}_${this.charges.size}`,
      reference,
      organizationId: this.organizationId,
      open: !capture,
      authorized: amount,
      captured: capture ? amount : 0,
      refunded: 0,
    };
    this.charges.set(charge.id, charge);
    return approved(charge, capture ? feeOn(amount) : 0);
  }

  #once(reference: string, effect: () => Outcome): Outcome {
    const before = this.#calls.get(reference);
    if (before) return before;
    const outcome = effect();
    this.#calls.set(reference, outcome);
    return outcome;
  }
}

const approved = ({ id, open, authorized }: Charge, fee: number): Outcome => ({
  status: 'approved',
  charge: id,
  fee,
  tipAllowance: open ? allowanceOn(authorized) : 0,
  card: { brand: 'visa', last4: '4242' },
});

const CARD_DECLINED: Outcome = { status: 'declined', code: 'card_declined' };
const NOT_AUTHORIZED: Outcome = { status: 'declined', code: 'not_authorized' };
/** As card providers like to charge: 2.9 % and 30 minor units. */
const feeOn = (amount: number): number => (amount === 0 ? 0 : share(amount, 29_000, 'half-up') + 30);
/** A tip may take a fifth more than was authorised. */
const allowanceOn = (amount: number): number => share(amount, 200_000, 'down');
