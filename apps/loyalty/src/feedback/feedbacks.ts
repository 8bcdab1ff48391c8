import { type Feedback, FeedbackReceived, type GiveFeedback, type InputOf } from '@comanda/contracts';
import { publish } from '@comanda/events';
import { codeOf, newId, Refusal, type Tx } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { Customers } from '../customers/customers.js';
import { CustomerOrderRow } from '../orders/customer-order.entity.js';
import { FeedbackRow } from './feedback.entity.js';

/** Keeps and reads what guests say; the only place where their words are in the clear. */
@Injectable()
export class Feedbacks {
  constructor(private readonly customers: Customers) {}

  /**
   * Keeps what a guest says of an order, and tells of the score. Whose order it is follows from what orders told.
   * @throws Refusal `feedback_given`
   */
  async keep(
    tx: Tx,
    organizationId: string,
    { orderId, score, tags, text }: InputOf<typeof GiveFeedback>['body'],
  ): Promise<Feedback> {
    const customerId = (await tx.findOneBy(CustomerOrderRow, { organizationId, orderId }))?.customerId ?? null;
    const [id, now] = [newId(), new Date()];
    const words =
      text === null ? null : await this.customers.seal(tx, { organizationId, customerId }, text, placeOf(id));
    const row = { organizationId, id, orderId, customerId, score, tags, words, handledAt: null, createdAt: now };
    try {
      await tx.insert(FeedbackRow, row);
    } catch (error) {
      if (codeOf(error) !== '23505') throw error;
      throw new Refusal('feedback_given', 'The order has been rated.');
    }
    const told = { feedbackId: id, orderId, customerId, score, tags, low: isLow(row) };
    await publish(tx, FeedbackReceived, told, { version: 1, occurredAt: now });
    return toFeedback(row, text);
  }

  /** Rows as feedback; of the words of an erased customer nothing is left. */
  async read(tx: Tx, organizationId: string, rows: readonly FeedbackRow[]): Promise<Feedback[]> {
    const sealed = rows.map(({ id, customerId, words }) => ({ customerId, sealed: words, place: placeOf(id) }));
    const texts = await this.customers.open(tx, organizationId, sealed);
    return rows.map((row, at) => toFeedback(row, texts[at] ?? null));
  }

  async readOne(tx: Tx, row: FeedbackRow): Promise<Feedback> {
    const [feedback] = await this.read(tx, row.organizationId, [row]);
    if (!feedback) throw new Error('A row was read and no feedback came of it.');
    return feedback;
  }
}

const placeOf = (id: string): string => `feedback.words.${id}`;

const isLow = ({ score }: Pick<FeedbackRow, 'score'>): boolean => score <= 2;

function toFeedback(row: FeedbackRow, text: string | null): Feedback {
  const { id, orderId, customerId, score, tags, handledAt, createdAt } = row;
  return {
    id,
    orderId,
    customerId,
    score,
    tags,
    text,
    low: isLow(row),
    handledAt: handledAt && handledAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
