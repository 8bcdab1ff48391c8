import { PurchaseOrderStatus } from '@comanda/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { become, receive } from './purchase-order.js';

describe('a purchase order', () => {
  test.each([
    ['draft', ['sent', 'cancelled']],
    ['sent', ['partly_received', 'received', 'cancelled']],
    ['partly_received', ['partly_received', 'received', 'cancelled']],
    ['received', []],
    ['cancelled', []],
  ] as const)('that is %s becomes %o, and nothing else', (from, next) => {
    const can = (to: PurchaseOrderStatus): boolean => {
      try {
        return become(from, to) === to;
      } catch {
        return false;
      }
    };
    expect(PurchaseOrderStatus.options.filter(can)).toEqual(
      PurchaseOrderStatus.options.filter((to) => next.some((n) => n === to)),
    );
  });

  test('costs what was agreed and its freight, to the cent, in whatever parts it comes', () => {
    const deliveries = fc.record({
      cost: fc.integer({ min: 0, max: 1_000_000 }),
      parts: fc.array(
        fc.record({ quantity: fc.integer({ min: 1, max: 5_000 }), freight: fc.integer({ min: 0, max: 9_999 }) }),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
    });
    fc.assert(
      fc.property(deliveries, ({ cost, parts }) => {
        const quantity = parts.reduce((sum, part) => sum + part.quantity, 0);
        const line = {
          id: 'line',
          stockItemId: 'cheese',
          unit: 'g' as const,
          quantity,
          cost,
          received: 0,
          receivedCost: 0,
        };
        let order: { status: PurchaseOrderStatus; lines: (typeof line)[] } = { status: 'sent', lines: [line] };
        let paid = 0;
        for (const { quantity: came, freight } of parts) {
          const { bought, status, lines } = receive(
            order.status,
            order.lines,
            [{ lineId: 'line', quantity: came }],
            freight,
          );
          order = { status, lines: lines.map((each) => ({ ...line, ...each, unit: 'g' })) };
          paid += bought.reduce((sum, each) => sum + each.cost, 0);
        }
        const freight = parts.reduce((sum, part) => sum + part.freight, 0);
        expect(paid).toBe(cost + freight);
        expect(order).toMatchObject({
          status: 'received',
          lines: [{ received: quantity, receivedCost: cost + freight }],
        });
      }),
    );
  });
});
