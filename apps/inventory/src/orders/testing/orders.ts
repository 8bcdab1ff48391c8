import { OrderFacts, OrderPlaced, type OrderLine } from '@comanda/contracts';

type Facts = ReturnType<typeof OrderFacts.parse>;
const [example] = OrderPlaced.example.checks;
const [line] = example?.lines ?? [];

/** A line of an order: one large Margherita, unless it says otherwise. */
export function orderLine(fields: Partial<OrderLine>): OrderLine {
  if (!line) throw new Error('The example has no line.');
  return { ...line, ...fields } as OrderLine;
}

/** A modifier chosen with a line. */
export const chosen = (
  modifierId: string,
  quantity = 1,
  modifiers: OrderLine['modifiers'] = [],
): OrderLine['modifiers'][number] => ({
  id: modifierId,
  modifierId,
  name: { en: 'Extra' },
  quantity,
  unitPrice: { amount: 100, currency: 'USD' },
  modifiers,
});

/** An order with these lines on one check. */
export const orderWith = (lines: OrderLine[], fields: Partial<Facts> = {}): Facts => ({
  ...(OrderPlaced.example as Facts),
  ...fields,
  checks: [{ ...(example as Facts['checks'][number]), lines }],
});

/** How a line looks that was voided before, or after, it was sent to the kitchen. */
export const voided = (sent: boolean): Pick<OrderLine, 'status' | 'voided'> => ({
  status: 'voided',
  voided: { reason: 'Guest left', by: 'ada', at: '2026-03-06T20:00:00.000Z', businessDate: '2026-03-06', sent },
});
