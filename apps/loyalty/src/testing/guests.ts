import { OrderFacts, PaymentRefunded, OrderPlaced, type Envelope } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { expect } from 'vitest';

export const customers = '/v1/loyalty/customers';
export const usd = (amount: number) => ({ amount, currency: 'USD' });
const example = OrderFacts.parse(OrderPlaced.example);

/** What the tests of this service say of guests and their orders. */
export function guestsOf(it: TestService) {
  return {
    async makeCustomer(fields: object = {}, key = it.key): Promise<{ id: string; version: number }> {
      const { body } = await it
        .call('post', customers, { key })
        .send({ name: 'Ada', ...fields })
        .expect(201);
      return body;
    },
    /** Points are booked a moment after their event has been handled. */
    expectBalance: (id: string, points: number) =>
      eventually(
        async () => expect((await it.call('get', `${customers}/${id}`).expect(200)).body.points).toBe(points),
        { within: 5_000 },
      ),
    order: (customerId: string | null, total: number, fields: Partial<OrderFacts> = {}): OrderFacts => ({
      ...example,
      id: newId(),
      locationId: it.location.id,
      customerId,
      totals: { ...example.totals, total: usd(total) },
      ...fields,
    }),
    /** An order with so much paid of it, as orders tells of it. */
    withPaid: (order: OrderFacts, paid: number): OrderFacts => ({
      ...order,
      paymentStatus: 'paid',
      checks: order.checks.map((check) => ({ ...check, totals: order.totals, paid: usd(paid) })),
    }),
    refund(orderId: string, amount: number): Envelope<typeof PaymentRefunded>['data'] {
      const refunded = PaymentRefunded.data.parse(PaymentRefunded.example);
      return { ...refunded, id: newId(), orderId, refund: { ...refunded.refund, id: newId(), amount: usd(amount) } };
    },
  };
}
