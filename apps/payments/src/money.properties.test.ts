import type { Account } from '@comanda/contracts';
import type { Refusal } from '@comanda/platform';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BillRow } from './bills/bill.entity.js';
import { carrying, dueOn, givenBack, refundDueOn, restated, taxIn } from './bills/bill.js';
import { captureLegs, type Posting, refundLegs } from './ledger/postings.js';
import type { PaymentRow } from './payments/payment.entity.js';
import { afterStep, captured, captureOf, cardTender, cashTender, type Coins } from './payments/payment.js';
import { feeKept, gaveBack, refundedOf, refundOf, returning } from './refunds/refund.js';
import { approved, attempt, bill, declined, payment } from './testing/builders.js';

/** One evening at one table: whatever guests, waiters and the provider do, in whatever order. */
const FEE = { rate: 12_345, fixed: 7 };
const PROVIDER_FEE = 31;

type Opening = { readonly total: number; readonly tax: number };

class Evening {
  bill: BillRow;
  payments: PaymentRow[] = [];
  entries: Posting[][] = [];
  collected = 0;
  returned = 0;

  constructor(
    { total, tax }: Opening,
    private readonly coins: Coins,
  ) {
    this.bill = bill({ total, tax });
  }

  cash(amount: number | undefined, tip: number): void {
    const tender = cashTender(this.bill, { amount, tip, tendered: undefined }, this.coins);
    const pending = payment({ ...tender, method: 'cash', status: 'pending' });
    this.#keep(null, captured(pending, pending, this.bill, FEE), 0);
  }

  card(amount: number | undefined, tip: number, accepted: boolean): void {
    const pending = payment({ ...cardTender(this.bill, { amount, tip }), status: 'pending' });
    this.bill = carrying(this.bill, null, pending);
    this.#keep(
      pending,
      afterStep(pending, attempt('charge', pending), accepted ? approved() : declined(), this.#terms()),
      PROVIDER_FEE,
    );
  }

  authorize(amount: number | undefined, tip: number): void {
    const pending = payment({ ...cardTender(this.bill, { amount, tip }), status: 'pending' });
    this.bill = carrying(this.bill, null, pending);
    this.#keep(pending, afterStep(pending, attempt('authorize', pending), approved(), this.#terms()), 0);
  }

  capture(which: number, share: number, tip: number): void {
    const held = this.#pick(which, 'authorized');
    const taken = captureOf(held, this.bill, { amount: Math.floor((held.amount * share) / 100), tip });
    this.#keep(held, afterStep(held, attempt('capture', held, taken), approved(), this.#terms()), PROVIDER_FEE);
  }

  void(which: number): void {
    const held = this.#pick(which, 'authorized');
    this.#keep(held, afterStep(held, attempt('void', held), approved(), this.#terms()), 0);
  }

  refund(which: number, share: number, tipShare: number): void {
    const paid = this.#pick(which, 'captured');
    const part = refundOf(paid, {
      amount: Math.ceil((paid.amount * share) / 100),
      tip: Math.floor((paid.tip * tipShare) / 100),
    });
    const back = { ...part, ...returning(paid, part, this.bill) };
    this.#post(refundLegs({ ...back, method: paid.method }, 0));
    this.returned += part.amount + back.rounding + part.tip;
    this.bill = givenBack(this.bill, back);
    this.#replace(paid, gaveBack(paid, part));
  }

  restate(total: number, tax: number): void {
    this.bill = restated(this.bill, { version: this.bill.version + 1, total, tax, businessDate: null });
  }

  sum(...accounts: Account[]): number {
    return this.entries.flat().reduce((sum, { account, amount }) => sum + (accounts.includes(account) ? amount : 0), 0);
  }

  #terms = () => ({ bill: this.bill, fee: FEE });

  #keep(before: PaymentRow | null, after: PaymentRow, providerFee: number): void {
    this.bill = carrying(this.bill, before, after);
    if (after.status === 'captured') {
      this.#post(captureLegs(after, providerFee));
      this.collected += after.amount + after.rounding + after.tip;
    }
    if (before && this.payments.includes(before)) this.#replace(before, after);
    else this.payments.push(after);
  }

  #post(legs: Posting[]): void {
    this.entries.push(legs);
  }

  #pick(which: number, status: string): PaymentRow {
    const some = this.payments.filter((each) => each.status === status);
    return some[which % Math.max(1, some.length)] ?? payment({ status: 'declined' });
  }

  #replace(before: PaymentRow, after: PaymentRow): void {
    this.payments = this.payments.map((each) => (each === before ? after : each));
  }
}

const cents = fc.integer({ min: 0, max: 60_00 });
const maybe = fc.option(cents, { nil: undefined });
const share = fc.integer({ min: 0, max: 100 });
const nth = fc.nat(9);
type Deed = (evening: Evening) => void;
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(maybe, fc.nat(300)).map(
    ([amount, tip]): Deed =>
      (evening) =>
        evening.cash(amount, tip),
  ),
  fc.tuple(maybe, fc.nat(300), fc.boolean()).map(
    ([amount, tip, ok]): Deed =>
      (evening) =>
        evening.card(amount, tip, ok),
  ),
  fc.tuple(maybe, fc.nat(300)).map(
    ([amount, tip]): Deed =>
      (evening) =>
        evening.authorize(amount, tip),
  ),
  fc.tuple(nth, share, fc.nat(300)).map(
    ([which, part, tip]): Deed =>
      (evening) =>
        evening.capture(which, part, tip),
  ),
  nth.map(
    (which): Deed =>
      (evening) =>
        evening.void(which),
  ),
  fc.tuple(nth, share, share).map(
    ([which, part, tip]): Deed =>
      (evening) =>
        evening.refund(which, part, tip),
  ),
);
const restating: fc.Arbitrary<Deed> = fc.tuple(cents, share).map(
  ([total, tax]): Deed =>
    (evening) =>
      evening.restate(total, Math.floor((total * tax) / 400)),
);
const coins: fc.Arbitrary<Coins> = fc.option(
  fc.record({ step: fc.constantFrom(5, 10, 100), mode: fc.constantFrom('half-up', 'half-even', 'up', 'down') }),
);
const openings: fc.Arbitrary<Opening> = fc
  .tuple(cents, share)
  .map(([total, tax]) => ({ total, tax: Math.floor((total * tax) / 400) }));

/** What is paid or promised, less what answers a fallen total. */
const countedOn = ({ settled, refunded, forgiven, pending, authorized }: BillRow): number =>
  settled - refunded + forgiven + pending + authorized;

/** Does what is allowed of it; what is refused changes nothing. */
function spend(evening: Evening, done: readonly Deed[], after: (before: BillRow) => void): void {
  for (const deed of done) {
    const before = evening.bill;
    try {
      deed(evening);
    } catch (refused) {
      if ((refused as Refusal).name !== 'Refusal') throw refused;
    }
    after(before);
  }
}

test('whatever happens in an evening, the books balance, and nobody is charged more than the bill', () => {
  fc.assert(
    fc.property(
      openings,
      coins,
      fc.array(fc.oneof({ arbitrary: deeds, weight: 8 }, { arbitrary: restating, weight: 1 }), { maxLength: 40 }),
      (opening, step, done) => {
        const evening = new Evening(opening, step);
        spend(evening, done, (before) => {
          const { bill: now } = evening;
          // I1: every transaction sums to zero.
          for (const legs of evening.entries) expect(legs.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
          // I3: whose money it is sums to what was collected.
          expect(evening.sum('cash', 'card')).toBe(evening.collected - evening.returned);
          expect(0 - evening.sum('merchant', 'tax', 'tip', 'psp_fee', 'platform_fee', 'rounding')).toBe(
            evening.collected - evening.returned,
          );
          // Nobody pays or promises more than was due, and what was promised is not due again.
          expect(countedOn(now) - countedOn(before)).toBeLessThanOrEqual(dueOn(before));
          expect(dueOn(now)).toBe(Math.max(0, now.total - countedOn(now)));
          // What is to be refunded is what the house kept beyond the total, and then nothing is due.
          expect(refundDueOn(now)).toBe(Math.max(0, now.settled - now.refunded - now.total));
          expect(Math.min(refundDueOn(now), dueOn(now))).toBe(0);
          for (const each of evening.payments) {
            expect(
              Math.min(each.amount, each.tip, each.fee, feeKept(each), refundedOf(each), each.amount + each.rounding),
            ).toBeGreaterThanOrEqual(0);
            expect(refundedOf(each)).toBeLessThanOrEqual(each.amount + each.rounding + each.tip);
          }
          expect(Math.min(now.settled, now.refunded, now.forgiven, now.pending, now.authorized)).toBeGreaterThanOrEqual(
            0,
          );
          expect(now.refunded).toBeLessThanOrEqual(now.settled);
          expect(now.taxed).toBe(0 - evening.sum('tax'));
        });
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a bill paid in parts, by whatever tenders, has booked exactly its tax, no part of it negative', () => {
  fc.assert(
    fc.property(
      openings,
      coins,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 60_00 }), fc.boolean()), { maxLength: 12 }),
      (opening, step, parts) => {
        const evening = new Evening(opening, step);
        const pay =
          ([amount, inCash]: [number | undefined, boolean]): Deed =>
          (it) =>
            inCash ? it.cash(amount, 0) : it.card(amount, 0, true);
        spend(evening, [...parts, [undefined, false] as [undefined, boolean]].map(pay), () => undefined);
        expect(evening.bill.settled).toBe(evening.bill.total);
        expect(0 - evening.sum('tax')).toBe(evening.bill.total === 0 ? 0 : evening.bill.tax);
        expect(evening.payments.every(({ tax }) => tax >= 0)).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('refunds in any parts return everything to the cent: amount, rounding, tip, tax and fee', () => {
  const parts = fc.array(fc.tuple(share, share), { maxLength: 8 });
  fc.assert(
    fc.property(openings, coins, fc.boolean(), fc.nat(500), parts, (opening, step, inCash, tip, shares) => {
      const evening = new Evening(opening, step);
      fc.pre(evening.bill.total > 0);
      if (inCash) evening.cash(undefined, tip);
      else evening.card(undefined, tip, true);
      const providerFee = 0 - evening.sum('psp_fee');
      spend(
        evening,
        shares.map(
          ([part, tipPart]): Deed =>
            (it) =>
              it.refund(0, part, tipPart),
        ),
        () => undefined,
      );
      const [paid] = evening.payments;
      if (paid && (paid.refunded < paid.amount || paid.refundedTip < paid.tip)) {
        const rest = refundOf(paid, { amount: undefined, tip: undefined });
        const back = { ...rest, ...returning(paid, rest, evening.bill) };
        evening.entries.push(refundLegs({ ...back, method: paid.method }, 0));
        evening.returned += rest.amount + back.rounding + rest.tip;
      }
      expect(evening.returned).toBe(evening.collected);
      for (const account of ['cash', 'card', 'tax', 'tip', 'platform_fee', 'rounding'] as const)
        expect(evening.sum(account)).toBe(0);
      expect(evening.sum('merchant')).toBe(providerFee);
    }),
    { numRuns: 2_000 },
  );
});

test('the tax of a part is never asked for twice, however late the tax changes', () => {
  fc.assert(
    fc.property(openings, coins, fc.array(fc.oneof(deeds, restating), { maxLength: 20 }), (opening, step, done) => {
      const evening = new Evening(opening, step);
      spend(evening, done, () => undefined);
      const { bill: now } = evening;
      const due = dueOn(now);
      fc.pre(due > 0 && now.refunded === 0);
      const open = { ...now, pending: 0, authorized: 0 };
      expect(now.taxed + taxIn(open, open.total - open.settled)).toBe(now.tax);
    }),
    { numRuns: 1_000 },
  );
});
