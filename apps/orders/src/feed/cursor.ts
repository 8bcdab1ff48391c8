import { Refusal } from '@comanda/platform';

/**
 * A place in the live feed: the transaction that changed an order, and the order. Transactions end in another order than
 * they begin; the feed tells only of those before the oldest that is still going on, so nothing appears behind a cursor.
 */
export interface Cursor {
  readonly transaction: number;
  readonly orderId: string;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The place before everything that a transaction changed. */
export const before = (transaction: number): Cursor => ({ transaction, orderId: FIRST_ID });

export const writeCursor = ({ transaction, orderId }: Cursor): string => `${transaction}-${orderId}`;

/**
 * Reads the `Last-Event-ID` that a client sends when it comes back.
 * @throws Refusal `malformed_request`
 */
export function readCursor(header: string | string[] | undefined): Cursor | undefined {
  if (header === undefined || header === '') return undefined;
  const [, transaction, orderId] = CURSOR.exec(String(header)) ?? [];
  if (transaction === undefined || orderId === undefined)
    throw new Refusal('malformed_request', 'Last-Event-ID is not one that this feed gave.', {
      errors: [{ pointer: 'header/Last-Event-ID', detail: 'Not an id of this feed.' }],
    });
  return { transaction: Number(transaction), orderId };
}

const CURSOR = /^(\d{1,15})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
