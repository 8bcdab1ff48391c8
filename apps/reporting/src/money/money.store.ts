import { type Envelope, LedgerPosted, PaymentCaptured, PaymentRefunded } from '@comanda/contracts';
import { runPrepared, together, type Tx } from '@comanda/platform';
import { millisecondsBetween } from '../delay.js';
import { newestOf } from '../newest.js';
import { toEntry } from './ledger-entry.js';

/** What is told of money: the ledger's transactions, and of payments what the ledger does not say. */
export const MONEY_NEWS = [LedgerPosted, PaymentCaptured, PaymentRefunded] as const;
export type MoneyNews = Envelope<(typeof MONEY_NEWS)[number]>;

/** Keeps transactions of the ledger, which never change, and payments as they stand after the newest of their events. */
export async function keepMoney(tx: Tx, organizationId: string, news: readonly MoneyNews[]): Promise<void> {
  const posted = news.filter((event): event is Envelope<typeof LedgerPosted> => event.type === LedgerPosted.type);
  const taken = news.filter((event): event is Taken => event.type !== LedgerPosted.type);
  const entries = newestOf(posted).map(({ aggregateVersion, recordedAt, data }) => ({
    ...toEntry(data),
    version: aggregateVersion,
    delayMs: millisecondsBetween(data.occurredAt, recordedAt),
  }));
  const tenders = newestOf(taken).map(({ aggregateVersion: version, data: { id, method, card, takenBy } }) => ({
    paymentId: id,
    version,
    method,
    brand: card?.brand ?? null,
    takenBy,
  }));
  await together(
    ...(entries.length > 0 ? [runPrepared(tx, KEEP_ENTRIES, [JSON.stringify(entries), organizationId])] : []),
    ...(tenders.length > 0 ? [runPrepared(tx, KEEP_TENDERS, [JSON.stringify(tenders), organizationId])] : []),
  );
}

type Taken = Envelope<typeof PaymentCaptured> | Envelope<typeof PaymentRefunded>;

// Rows are locked in the order of their ids.
const KEEP_ENTRIES = {
  name: 'ledger_entries.keep',
  text: `
    insert into ledger_entries as known (organization_id, transaction_id, version, kind, location_id, order_id, payment_id,
      business_date, occurred_at, currency, collected, merchant, tax, tip, provider_fee, platform_fee, rounding, loaded,
      delay_ms)
    select $2::uuid, "transactionId", version, kind, "locationId", "orderId", "paymentId", "businessDate", "occurredAt",
      currency, collected, merchant, tax, tip, "providerFee", "platformFee", rounding, loaded, "delayMs"
    from json_to_recordset($1::json) as given ("transactionId" uuid, version integer, kind text, "locationId" uuid,
      "orderId" uuid, "paymentId" uuid, "businessDate" date, "occurredAt" timestamptz, currency text, collected bigint,
      merchant bigint, tax bigint, tip bigint, "providerFee" bigint, "platformFee" bigint, rounding bigint, loaded bigint,
      "delayMs" bigint)
    order by "transactionId"
    on conflict (organization_id, transaction_id) do update
      set version = excluded.version, kind = excluded.kind, location_id = excluded.location_id, order_id = excluded.order_id,
        payment_id = excluded.payment_id, business_date = excluded.business_date, occurred_at = excluded.occurred_at,
        currency = excluded.currency, collected = excluded.collected, merchant = excluded.merchant, tax = excluded.tax,
        tip = excluded.tip, provider_fee = excluded.provider_fee, platform_fee = excluded.platform_fee,
        rounding = excluded.rounding, loaded = excluded.loaded, delay_ms = excluded.delay_ms
      where known.version < excluded.version`,
};

const KEEP_TENDERS = {
  name: 'tenders.keep',
  text: `
    insert into tenders as known (organization_id, payment_id, version, method, brand, taken_by)
    select $2::uuid, "paymentId", version, method, brand, "takenBy"
    from json_to_recordset($1::json) as given ("paymentId" uuid, version integer, method text, brand text, "takenBy" text)
    order by "paymentId"
    on conflict (organization_id, payment_id) do update
      set version = excluded.version, method = excluded.method, brand = excluded.brand, taken_by = excluded.taken_by
      where known.version < excluded.version`,
};
