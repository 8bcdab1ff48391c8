import { OrderFacts, type OrderLine, OrderPlaced } from '@comanda/contracts';

const example = OrderFacts.parse(OrderPlaced.example);
const [check] = example.checks;
const [line] = check?.lines ?? [];

/** A line of an order: one large Margherita, unless it says otherwise. */
export function orderLine(fields: Partial<OrderLine>): OrderLine {
  if (!line) throw new Error('The example has no line.');
  return { ...line, ...fields };
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
export function orderWith(lines: OrderLine[], fields: Partial<OrderFacts> = {}): OrderFacts {
  if (!check) throw new Error('The example has no check.');
  return { ...example, ...fields, checks: [{ ...check, lines }] };
}

/** How a line looks that was voided before, or after, it was sent to the kitchen. */
export const voided = (sent: boolean): Pick<OrderLine, 'status' | 'voided'> => ({
  status: 'voided',
  voided: { reason: 'Guest left', by: 'ada', at: '2026-03-06T20:00:00.000Z', businessDate: '2026-03-06', sent },
});
