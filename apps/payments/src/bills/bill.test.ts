import { describe, expect, test } from 'vitest';
import { bill, payment } from '../testing/builders.js';
import type { BillRow } from './bill.entity.js';
import { carrying, dueOn, givenBack, isUpToDate, partOf, presented, refundDueOn, restated, taxIn } from './bill.js';

const news = (version: number, total: number, tax = 0) => ({ version, total, tax, businessDate: '2026-03-06' });

describe('what is due', () => {
  test.each([
    ['30.00 and nothing paid', bill(), 30_00],
    ['30.00 with 10.00 paid', bill({ settled: 10_00 }), 20_00],
    ['30.00 with 10.00 at the provider and 5.00 authorised', bill({ pending: 10_00, authorized: 5_00 }), 15_00],
    ['30.00 paid in full', bill({ settled: 30_00 }), 0],
    ['30.00 paid, fallen to 20.00', bill({ settled: 30_00, total: 20_00 }), 0],
    [
      '30.00 paid, 12.00 of it given back for a cold pizza',
      bill({ settled: 30_00, refunded: 12_00, forgiven: 12_00 }),
      0,
    ],
  ])('%s: due is as it says', (_, of, due) => expect(dueOn(of)).toBe(due));

  test('a bill of 30.00 paid in full that falls to 20.00 shows 10.00 to refund', () => {
    const paid = bill({ settled: 30_00 });
    expect(refundDueOn(restated(paid, news(2, 20_00)))).toBe(10_00);
    expect(refundDueOn(paid)).toBe(0);
  });
});

describe('how much of a bill a payment settles', () => {
  test('all that is due, unless an amount is given', () => {
    expect(partOf(bill({ settled: 10_00 }), undefined, 0)).toBe(20_00);
    expect(partOf(bill({ settled: 10_00 }), 7_50, 0)).toBe(7_50);
  });

  test('a tip alone can be left on a bill that is paid', () => {
    expect(partOf(bill({ settled: 30_00 }), 0, 3_00)).toBe(0);
  });

  test.each([
    ['one cent more than is due', bill(), 30_01, 0, 'amount_exceeds_due'],
    ['a bill that is paid', bill({ settled: 30_00 }), undefined, 0, 'nothing_due'],
    ['a bill that is paid, though a tip is given', bill({ settled: 30_00 }), undefined, 3_00, 'nothing_due'],
    ['a cent of a bill that is paid', bill({ settled: 30_00 }), 1, 0, 'nothing_due'],
    ['nothing at all', bill(), 0, 0, 'nothing_due'],
    ['what a payment at the provider holds', bill({ pending: 30_00 }), undefined, 0, 'payment_unresolved'],
    ['part of what a payment at the provider holds', bill({ pending: 20_00 }), 15_00, 0, 'payment_unresolved'],
    ['more than what is held could ever free', bill({ pending: 20_00 }), 30_01, 0, 'amount_exceeds_due'],
    ['what an authorisation holds', bill({ authorized: 20_00 }), 15_00, 0, 'amount_exceeds_due'],
  ])('refuses %s', (_, of, asked, tip, code) => {
    expect(() => partOf(of, asked, tip)).toThrow(expect.objectContaining({ code }));
  });
});

describe('versions of a bill', () => {
  test('a guest who shows an older bill is sent to read the check again', () => {
    expect(() => presented(bill({ version: 3 }), news(2, 30_00))).toThrow(
      expect.objectContaining({ code: 'bill_superseded' }),
    );
  });

  test('a guest who shows a newer bill than events have told pays the newer one', () => {
    expect(presented(bill({ version: 3 }), news(4, 36_00, 3_00))).toMatchObject({
      version: 4,
      total: 36_00,
      tax: 3_00,
    });
  });

  test('news that comes late changes nothing, but tells the business day where nobody knew it', () => {
    const shown = bill({ version: 3, businessDate: null });
    expect(restated(shown, news(2, 10_00))).toEqual({ ...shown, businessDate: '2026-03-06' });
    expect(restated(shown, news(3, 10_00))).toEqual({ ...shown, businessDate: '2026-03-06' });
  });

  test.each<[string, boolean, Partial<BillRow>, ReturnType<typeof news>]>([
    ['what it says itself', true, {}, news(3, 30_00)],
    ['what was so before', true, {}, news(2, 10_00)],
    ['a newer version', false, {}, news(4, 30_00)],
    ['its business day, where nobody knew it', false, { businessDate: null }, news(3, 30_00)],
    ['that it was cancelled', false, {}, news(3, 0)],
    ['that it was cancelled, once more', true, { total: 0 }, news(3, 0)],
  ])('of %s a bill has heard: %s', (_, heard, of, told) => {
    expect(isUpToDate(bill({ version: 3, businessDate: '2026-03-06', ...of }), [told])).toBe(heard);
  });

  test('a cancelled order comes to nothing, though its check kept its version', () => {
    expect(restated(bill({ version: 3 }), news(3, 0))).toMatchObject({ version: 3, total: 0 });
  });
});

describe('refunds', () => {
  test('a kindness makes nothing due again', () => {
    const after = givenBack(bill({ settled: 30_00 }), { amount: 12_00, tax: 0 });
    expect([dueOn(after), refundDueOn(after)]).toEqual([0, 0]);
  });

  test('a refund that answers a fallen total settles what was to refund, and a new dish is due in full', () => {
    const answered = givenBack(bill({ settled: 30_00, total: 20_00 }), { amount: 10_00, tax: 0 });
    expect([dueOn(answered), refundDueOn(answered)]).toEqual([0, 0]);
    expect(dueOn(restated(answered, news(2, 26_00)))).toBe(6_00);
  });

  test('money given back before the dish is voided is not to be refunded a second time', () => {
    const kind = givenBack(bill({ settled: 30_00 }), { amount: 12_00, tax: 0 });
    const voided = restated(kind, news(2, 18_00));
    expect([dueOn(voided), refundDueOn(voided)]).toEqual([0, 0]);
    expect(dueOn(restated(voided, news(3, 20_00)))).toBe(2_00);
  });

  test('the part of a refund beyond the fallen total is a kindness', () => {
    const after = givenBack(bill({ settled: 30_00, total: 20_00 }), { amount: 15_00, tax: 0 });
    expect(after).toMatchObject({ refunded: 15_00, forgiven: 5_00 });
    expect([dueOn(after), refundDueOn(after)]).toEqual([0, 0]);
  });
});

describe('tax', () => {
  test('three guests pay 10.00 each of 30.00 with 2.50 tax: 0.83, 0.84, 0.83', () => {
    let open = bill({ tax: 2_50 });
    const parts = [10_00, 10_00, 10_00].map((amount) => {
      const tax = taxIn(open, amount);
      open = carrying(open, null, payment({ amount, tax }));
      return tax;
    });
    expect(parts).toEqual([83, 84, 83]);
    expect(open.taxed).toBe(2_50);
  });

  test('a tip alone has no tax', () => expect(taxIn(bill({ tax: 2_50, settled: 30_00, taxed: 2_49 }), 0)).toBe(0));

  test('a cancelled order has none', () => expect(taxIn(bill({ total: 0 }), 30_00)).toBe(0));

  test('when the tax falls between two payments, the second corrects what the first booked too much', () => {
    const half = carrying(bill({ tax: 3_00 }), null, payment({ amount: 15_00, tax: 1_50 }));
    expect(taxIn(restated(half, news(2, 30_00, 1_00)), 15_00)).toBe(-50);
  });
});

describe('what a payment weighs on its bill', () => {
  const of = (status: string) => carrying(bill(), null, { status, amount: 10_00, tax: 1_00 });
  test.each([
    ['pending', { pending: 10_00 }],
    ['unknown', { pending: 10_00 }],
    ['authorized', { authorized: 10_00 }],
    ['captured', { settled: 10_00, taxed: 1_00 }],
    ['declined', {}],
    ['voided', {}],
  ])('%s', (status, weight) => expect(of(status)).toEqual(bill(weight)));

  test('an authorisation of 10.00 captured for 8.00 frees the other 2.00', () => {
    const after = carrying(
      of('authorized'),
      { status: 'authorized', amount: 10_00, tax: 0 },
      { status: 'captured', amount: 8_00, tax: 0 },
    );
    expect(dueOn(after)).toBe(22_00);
  });
});
