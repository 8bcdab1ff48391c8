import type { Tx } from '@comanda/platform';
import type { BillSums, LedgerMovement } from './reconciliation.js';

/** Business days, both included, of a location or of all. */
export interface Days {
  readonly from: string;
  readonly to: string;
  readonly locationId: string | null;
}

/** What moved at providers by the ledger of these business days, and the UTC days on which a provider may have counted it. */
export function ledgerMovements(
  tx: Tx,
  { from, to, locationId }: Days,
): Promise<(LedgerMovement & { readonly provider: string | null; readonly since: string; readonly until: string })[]> {
  return tx.sql`
    select
      case when t.kind <> 'dispute' then case when t.kind = 'capture' then 'charge' else 'refund' end
        when card.amount < 0 then 'dispute' else 'dispute_won' end as kind,
      case when t.kind = 'dispute' then null else attempt.id end as reference,
      p.provider_reference as "authorization", p.provider, t.payment_id as "paymentId", t.order_id as "orderId",
      p.check_id as "checkId", card.amount, card.fee, card.currency,
      to_char(least(coalesce(attempt.created_at, t.occurred_at), t.recorded_at) at time zone 'UTC', 'YYYY-MM-DD') as since,
      to_char(t.recorded_at at time zone 'UTC', 'YYYY-MM-DD') as until
    from ledger_transactions t
      join payments p on p.organization_id = t.organization_id and p.id = t.payment_id
      cross join lateral (
        select currency, sum(amount_minor) filter (where account = 'card')::bigint as amount,
          coalesce(-sum(amount_minor) filter (where account = 'psp_fee'), 0)::bigint as fee
        from ledger_postings posting
        where posting.organization_id = t.organization_id and posting.transaction_id = t.id group by currency
      ) card
      left join lateral (
        select id, created_at from payment_attempts a
        where a.organization_id = t.organization_id and a.payment_id = t.payment_id and a.status = 'approved'
          and a.refund_id is not distinct from t.refund_id and a.kind not in ('authorize', 'increment', 'void')
        limit 1
      ) attempt on t.kind <> 'dispute'
    where card.amount is not null
      and t.business_date between ${from}::date and ${to}::date
      and (${locationId}::uuid is null or t.location_id = ${locationId}::uuid)`;
}

/** The bills of orders of these business days, beside what the ledger holds for each. */
export function billSums(tx: Tx, { from, to, locationId }: Days): Promise<BillSums[]> {
  return tx.sql`
    select b.check_id as "checkId", b.order_id as "orderId", b.currency, b.total_minor as total,
      b.settled_minor - b.refunded_minor as kept, b.forgiven_minor as forgiven, coalesce(l.amount, 0)::bigint as ledger
    from bills b left join lateral (
      select -sum(posting.amount_minor) as amount
      from payments p
        join ledger_transactions t on t.organization_id = p.organization_id and t.payment_id = p.id
        join ledger_postings posting on posting.organization_id = t.organization_id and posting.transaction_id = t.id
      where p.organization_id = b.organization_id and p.check_id = b.check_id
        and posting.account in ('merchant', 'tax', 'psp_fee', 'platform_fee')
    ) l on true
    where b.loads is null and b.business_date between ${from}::date and ${to}::date
      and (${locationId}::uuid is null or b.location_id = ${locationId}::uuid)`;
}

/** How attempts are known here: those that were booked, and those whose outcome is not known yet. */
export async function knownAttempts(
  tx: Tx,
  references: readonly string[],
): Promise<Map<string, 'booked' | 'under_way'>> {
  const rows = await tx.sql<{ id: string; status: string }[]>`
    select id, status from payment_attempts
    where id = any(${[...references]}::uuid[]) and status in ('approved', 'pending', 'unknown')`;
  return new Map(rows.map(({ id, status }) => [id, status === 'approved' ? 'booked' : 'under_way']));
}

/** What the ledger has of disputes of these authorisations, on whatever day: opened, and won. */
export async function knownDisputes(tx: Tx, authorizations: readonly string[]): Promise<Map<string, 'booked'>> {
  const rows = await tx.sql<{ authorization: string; status: string }[]>`
    select p.provider_reference as "authorization", d.status
    from disputes d join payments p on p.organization_id = d.organization_id and p.id = d.payment_id
    where p.provider_reference = any(${[...authorizations]}::text[])`;
  return new Map(
    rows.flatMap(({ authorization, status }) => [
      [`dispute ${authorization}`, 'booked'] as const,
      ...(status === 'won' ? [[`dispute_won ${authorization}`, 'booked'] as const] : []),
    ]),
  );
}
