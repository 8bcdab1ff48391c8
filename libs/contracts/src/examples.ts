const usd = (amount: number) => ({ amount, currency: 'USD' });
const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-${n.toString(16).padStart(12, '0')}`;

const totals = {
  gross: usd(3200),
  discount: usd(0),
  net: usd(3200),
  serviceCharge: usd(0),
  tax: usd(0),
  total: usd(3200),
};

const line = {
  id: id(3),
  itemId: id(4),
  variationId: id(5),
  name: { en: 'The Classic Deluxe Pizza' },
  variationName: { en: 'M' },
  categoryId: id(6),
  quantity: 2,
  unitPrice: usd(1600),
  modifiers: [],
  seat: null,
  note: null,
  status: 'placed' as const,
  voided: null,
  gross: usd(3200),
  discounts: [],
  net: usd(3200),
  taxes: [],
  total: usd(3200),
  orderedAt: '2026-03-06T19:30:00.000Z',
};

/** One order, from the demo chain's menu, as the examples of the documents show it. */
export const orderExample = {
  locationId: id(2),
  lines: [line] as const,
  facts: {
    id: id(1),
    locationId: id(2),
    number: 42,
    businessDate: '2026-03-06',
    status: 'placed' as const,
    paymentStatus: 'unpaid' as const,
    channel: 'pos' as const,
    serviceType: 'dine_in' as const,
    table: '12',
    covers: 2,
    customerId: null,
    externalId: null,
    note: null,
    currency: 'USD',
    menuHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    cancelled: null,
    totals,
    placedBy: id(9),
    occurredAt: '2026-03-06T19:30:00.000Z',
    recordedAt: '2026-03-06T19:30:00.120Z',
    version: 1,
    checks: [{ id: id(7), version: 1, lines: [line], discounts: [], charges: [], totals, paid: usd(0) }],
  },
};
