import { z } from 'zod';
import { defineEvent } from './event.js';
import { Id, Instant } from './primitives.js';

/** One entry of a customer's points; the balance is their sum. */
export const PointsEntry = z
  .object({
    id: Id,
    customerId: Id,
    kind: z.enum(['earn', 'redeem', 'reverse', 'adjust']),
    points: z.int().meta({ description: 'Positive when earned, negative when redeemed or reversed.' }),
    orderId: Id.nullable(),
    paymentId: Id.nullable(),
    reason: z.string().nullable(),
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'PointsEntry' });
export type PointsEntry = z.infer<typeof PointsEntry>;

// ── Events: ids and points, never who the customer is ──

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const pointsData = PointsEntry.omit({ recordedAt: true, kind: true }).extend({
  balance: z.int().meta({ description: 'After this entry.' }),
});
const pointsExample = {
  id: ID,
  customerId: ID,
  points: 32,
  balance: 132,
  orderId: ID,
  paymentId: null,
  reason: null,
  occurredAt: '2026-03-06T20:10:00.000Z',
};

export const PointsEarned = defineEvent('comanda.points.earned.v1', {
  service: 'loyalty',
  summary: 'A customer earned points.',
  subject: 'customerId',
  data: pointsData,
  example: pointsExample,
});
export const PointsRedeemed = defineEvent('comanda.points.redeemed.v1', {
  service: 'loyalty',
  summary: 'A customer spent points.',
  subject: 'customerId',
  data: pointsData,
  example: { ...pointsExample, points: -100, balance: 32 },
});
export const PointsReversed = defineEvent('comanda.points.reversed.v1', {
  service: 'loyalty',
  summary: 'Points went back because money did.',
  subject: 'customerId',
  data: pointsData,
  example: { ...pointsExample, points: -16, balance: 116 },
});
export const CustomerUpdated = defineEvent('comanda.customer.updated.v1', {
  service: 'loyalty',
  summary: 'A customer was made or changed. Which fields changed, not what they hold.',
  subject: 'customerId',
  data: z.object({ customerId: Id, changed: z.array(z.string()) }),
  example: { customerId: ID, changed: ['phone'] },
});
export const CustomerErased = defineEvent('comanda.customer.erased.v1', {
  service: 'loyalty',
  summary: 'A customer asked to be forgotten: the key to their data is gone. Whoever holds anything of them drops it.',
  subject: 'customerId',
  data: z.object({ customerId: Id, erasedAt: Instant }),
  example: { customerId: ID, erasedAt: '2026-03-06T20:10:00.000Z' },
});
