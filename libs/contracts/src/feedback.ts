import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { defineEvent } from './event.js';
import { Page, PageQuery } from './paging.js';
import { Code, Id, Instant, Note } from './primitives.js';

const score = z.int().min(1).max(5).meta({ description: 'From 1 to 5, the best.' });
const tags = z
  .array(Code)
  .max(10)
  .meta({ description: 'What it was about, as the restaurant asks.', examples: [['cold_food']] });
const text = Note(2_000).nullable().meta({ description: 'In the guest’s own words.' });

/** What a guest said of an order. Their words are sealed; an erased customer’s cannot be read any more. */
export const Feedback = z
  .object({
    id: Id,
    orderId: Id,
    customerId: Id.nullable(),
    score,
    tags,
    text,
    low: z.boolean().meta({ description: 'A score of 1 or 2: somebody should see to it.' }),
    handledAt: Instant.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Feedback' });
export type Feedback = z.infer<typeof Feedback>;

const given = { score, tags: tags.default([]), text: text.default(null) };
const orderExample = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c';

export const GiveFeedback = defineEndpoint({
  id: 'giveFeedback',
  method: 'POST',
  path: '/v1/loyalty/feedback',
  summary: 'Keeps what a guest says of an order, once.',
  description: 'A repeat with the same Idempotency-Key is told all but the guest’s words.',
  scope: 'loyalty:write',
  idempotent: true,
  body: z.strictObject({ orderId: Id, ...given }).meta({ id: 'NewFeedback' }),
  answer: Feedback,
  refusals: ['feedback_given'],
  example: { orderId: orderExample, score: 5 },
});

export const InviteFeedback = defineEndpoint({
  id: 'inviteFeedback',
  method: 'POST',
  path: '/v1/loyalty/feedback/invitations',
  summary: 'Signs a token for the link on a receipt, by which a guest rates the order without a credential.',
  scope: 'loyalty:write',
  body: z.strictObject({ orderId: Id }).meta({ id: 'FeedbackInvitation' }),
  answer: z.object({ token: z.string(), expiresAt: Instant }).meta({ id: 'FeedbackToken' }),
  example: { orderId: orderExample },
});

export const GiveFeedbackByToken = defineEndpoint({
  id: 'giveFeedbackByToken',
  method: 'POST',
  path: '/v1/loyalty/feedback/by-token',
  summary: 'Keeps what a guest says of the order that the token was signed for, once. Needs no credential.',
  scope: null,
  idempotent: true,
  body: z.strictObject({ token: z.string().max(500), ...given }).meta({ id: 'FeedbackByToken' }),
  answer: z.object({ id: Id }).meta({ id: 'FeedbackReceipt' }),
  refusals: ['feedback_given', 'feedback_token_invalid'],
});

export const ListFeedback = defineEndpoint({
  id: 'listFeedback',
  method: 'GET',
  path: '/v1/loyalty/feedback',
  summary: 'What guests said, newest first; with `open`, the low scores that nobody has seen to.',
  scope: 'loyalty:read',
  query: PageQuery.extend({ open: z.literal('true').optional() }),
  answer: Page('FeedbackPage', Feedback),
});

export const HandleFeedback = defineEndpoint({
  id: 'handleFeedback',
  method: 'POST',
  path: '/v1/loyalty/feedback/{feedbackId}/handle',
  summary: 'Notes that somebody has seen to it. Once more changes nothing.',
  scope: 'loyalty:write',
  idempotent: true,
  status: 200,
  params: z.strictObject({ feedbackId: Id }),
  answer: Feedback,
});

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export const FeedbackReceived = defineEvent('comanda.feedback.received.v1', {
  service: 'loyalty',
  summary: 'A guest rated an order. Their words stay with loyalty; `low` asks for somebody to see to it.',
  subject: 'feedbackId',
  data: z.object({
    feedbackId: Id,
    orderId: Id,
    customerId: Id.nullable(),
    score: z.int(),
    tags: z.array(z.string()),
    low: z.boolean(),
  }),
  example: { feedbackId: ID, orderId: orderExample, customerId: null, score: 2, tags: ['cold_food'], low: true },
});
