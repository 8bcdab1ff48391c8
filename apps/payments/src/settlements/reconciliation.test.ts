import { describe, expect, test } from 'vitest';
import { type BillSums, type LedgerMovement, reconciled } from './reconciliation.js';
import type { ProviderMovement } from '../provider/payment-provider.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const usd = (amount: number) => ({ amount, currency: 'USD' });
const ours = (facts: Partial<LedgerMovement> = {}): LedgerMovement => ({
  kind: 'charge',
  reference: 'one',
  authorization: 'sbx_1',
  paymentId: ID,
  orderId: ID,
  checkId: ID,
  amount: 20_00,
  fee: 88,
  currency: 'USD',
  ...facts,
});
const theirs = (facts: Partial<ProviderMovement> = {}): ProviderMovement => ({
  ...ours(),
  authorization: 'sbx_1',
  id: 'one',
  at: new Date('2026-03-06T18:00:00Z'),
  ...facts,
});
const bill = (facts: Partial<BillSums> = {}): BillSums => ({
  checkId: ID,
  orderId: ID,
  currency: 'USD',
  total: 20_00,
  kept: 20_00,
  forgiven: 0,
  ledger: 20_00,
  ...facts,
});
const reasons = (...given: [LedgerMovement[], ProviderMovement[], BillSums[]?]) =>
  reconciled(given[0], given[1], given[2] ?? [], new Map()).rows.map(({ reason, explained }) => [reason, explained]);

test('what both sides have alike is matched, in any order, and is no row', () => {
  const back = { kind: 'refund', reference: 'two', amount: -5_00, fee: 0 } as const;
  expect(reconciled([ours(), ours(back)], [theirs(back), theirs()], [bill()], new Map())).toEqual({
    movements: 2,
    bills: 1,
    sums: [{ provider: usd(15_00), providerFee: usd(88), ledger: usd(15_00), ledgerFee: usd(88) }],
    explained: 0,
    unexplained: 0,
    rows: [],
  });
});

describe('what does not agree is a row with its reason:', () => {
  test.each([
    ['missing there', [[ours()], []], [['missing_there', false]]],
    ['missing here', [[], [theirs()]], [['missing_here', false]]],
    ['another amount', [[ours()], [theirs({ amount: 19_99 })]], [['amount_differs', false]]],
    ['another fee', [[ours()], [theirs({ fee: 89 })]], [['fee_differs', false]]],
    ['another currency', [[ours()], [theirs({ currency: 'EUR' })]], [['currency_differs', false]]],
    ['charged twice', [[ours()], [theirs(), theirs({ id: 'two', reference: 'two' })]], [['missing_here', false]]],
    ['a bill that the ledger does not hold', [[], [], [bill({ ledger: 19_99 })]], [['bill_differs', false]]],
    ['a bill that is not paid yet', [[], [], [bill({ kept: 5_00, ledger: 5_00 })]], [['bill_open', true]]],
    ['a bill that fell', [[], [], [bill({ total: 15_00 })]], [['refund_due', true]]],
    ['a kindness', [[], [], [bill({ kept: 15_00, ledger: 15_00, forgiven: 5_00 })]], []],
  ] as const)('%s', (_, given, rows) => {
    expect(reasons(...(given as unknown as Parameters<typeof reasons>))).toEqual(rows);
  });
});

test('what the provider counts on these days and is booked on others is no row; what is under way is explained', () => {
  const known = new Map([
    ['other', 'booked'],
    ['slow', 'under_way'],
  ] as const);
  const result = reconciled([], [theirs({ reference: 'other' }), theirs({ reference: 'slow' })], [], known);
  expect(result).toMatchObject({ explained: 1, unexplained: 0, rows: [{ reason: 'under_way', theirs: usd(20_00) }] });
});

test('two disputes of one payment are told apart, and what is not explained comes first', () => {
  const dispute = { kind: 'dispute', reference: null, amount: -5_00, fee: 15_00 } as const;
  expect(
    reasons([ours(dispute), ours(dispute)], [theirs(dispute), theirs(dispute), theirs(dispute)], [bill({ total: 1 })]),
  ).toEqual([
    ['missing_here', false],
    ['refund_due', true],
  ]);
});
