import { createHash } from 'node:crypto';
import { withConnection } from '@comanda/embedded';

/** A posting of the ledger, with what it is of. */
export interface Posting {
  readonly transaction: string;
  readonly recordedAt: string;
  /** Kind, order, account, currency and amount: what stays when a lost payment is taken again. */
  readonly fact: string;
  readonly payment: string;
}

/** Reads the ledger of a platform. @param server the administrator's URL of its databases */
export function ledgerAt(server: string): Promise<Posting[]> {
  const url = new URL(server);
  url.pathname = '/comanda_payments';
  return withConnection(url.href, async (client) => (await client.query<Posting>(POSTINGS)).rows);
}

/** One number for a ledger: the same if and only if every posting is. */
export function checksumOf(postings: readonly Posting[], line: (posting: Posting) => string): string {
  const hash = createHash('sha256');
  for (const text of postings.map(line).sort()) hash.update(`${text}\n`);
  return hash.digest('hex');
}

/** A posting to the last of its fields, ids and times that the server chose included. */
export const exactly = ({ transaction, recordedAt, payment, fact }: Posting): string =>
  `${transaction} ${recordedAt} ${payment} ${fact}`;

/** What a posting says, whenever it was written. */
export const inSubstance = ({ fact }: Posting): string => fact;

const POSTINGS = `
  select t.id as transaction, t.recorded_at::text as "recordedAt", t.payment_id as payment,
    concat_ws(' ', t.kind, t.order_id, p.account, p.currency, p.amount_minor) as fact
  from ledger_transactions t
  join ledger_postings p on p.organization_id = t.organization_id and p.transaction_id = t.id`;
