import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Money } from './primitives.js';

/**
 * What somebody has to look at. `late_decline`: a card that was taken without a connection was declined later.
 * `unknown_outcome`: the provider has not said for a while how a step ended. `authorization_open`: an authorisation was
 * still open when its location closed. `authorization_expiring`: one will soon be let go by the provider. `dispute`: a
 * guest’s bank asks for the money back. `paid_late`: money came of a payment that had counted as declined. `tab_outgrown`:
 * a tab comes to more than its card will hold.
 */
export const PaymentTaskKind = z
  .enum([
    'late_decline',
    'unknown_outcome',
    'authorization_open',
    'authorization_expiring',
    'dispute',
    'paid_late',
    'tab_outgrown',
  ])
  .meta({ id: 'PaymentTaskKind' });
export type PaymentTaskKind = z.infer<typeof PaymentTaskKind>;

const PaymentTaskState = z.enum(['open', 'done']).meta({ id: 'PaymentTaskState' });

export const PaymentTask = z
  .object({
    id: Id,
    kind: PaymentTaskKind,
    status: PaymentTaskState,
    locationId: Id,
    orderId: Id,
    checkId: Id,
    paymentId: Id,
    subjectId: Id.meta({ description: 'What it is about: the payment, or its attempt or dispute.' }),
    amount: Money.meta({ description: 'How much is at stake.' }),
    dueAt: Instant.nullable().meta({ description: 'Until when something can be done about it.' }),
    raisedAt: Instant,
    doneAt: Instant.nullable(),
    doneBy: z.string().nullable().meta({ description: 'Who saw to it; null also where it settled itself.' }),
  })
  .meta({ id: 'PaymentTask' });
export type PaymentTask = z.infer<typeof PaymentTask>;

export const ListPaymentTasks = defineEndpoint({
  id: 'listPaymentTasks',
  method: 'GET',
  path: '/v1/payments/tasks',
  summary: 'What somebody has to look at, newest first.',
  scope: 'payments:read',
  query: PageQuery.extend({
    status: PaymentTaskState.optional(),
    kind: PaymentTaskKind.optional(),
    locationId: Id.optional(),
  }),
  answer: Page('PaymentTaskPage', PaymentTask),
});

export const FinishPaymentTask = defineEndpoint({
  id: 'finishPaymentTask',
  method: 'POST',
  path: '/v1/payments/tasks/{taskId}/done',
  summary: 'Says that a task has been seen to; one that is done stays done.',
  scope: 'payments:write',
  idempotent: true,
  status: 200,
  params: z.strictObject({ taskId: Id }),
  answer: PaymentTask,
});
