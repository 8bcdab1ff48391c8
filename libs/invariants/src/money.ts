import { examineAccounts } from './guest-accounts.js';
import type { Invariant, Sources } from './invariant.js';

export const ledgerSumsToZero: Invariant = {
  id: 'I1',
  promise: 'Postings sum to zero per organization, currency and transaction.',
  async examine({ query }) {
    const [{ examined } = { examined: 0 }] = await query<{ examined: number }>(
      'payments',
      'select count(*)::int as examined from ledger_postings',
    );
    const off = await query<{ transaction_id: string; currency: string; sum: number }>(
      'payments',
      `select transaction_id, currency, sum(amount_minor)::bigint as sum from ledger_postings
       group by organization_id, transaction_id, currency having sum(amount_minor) <> 0`,
    );
    return {
      examined,
      violations: off.map(
        ({ transaction_id, currency, sum }) =>
          `Transaction ${transaction_id} is off by ${sum} ${currency} minor units.`,
      ),
    };
  },
};

export const providerAgrees: Invariant = {
  id: 'I2',
  promise:
    'No payment collects more than was authorised with its tip, and the provider’s books equal ours: what is on hold, and the ledger.',
  async examine({ query }) {
    const payments = await query<CardRow>('payments', CARD_PAYMENTS);
    // Where nobody was paid through it, there need not be one.
    const charges = payments.length > 0 ? await query<ChargeRow>('sandbox_psp', CHARGES) : [];
    const byId = new Map(charges.map((charge) => [`${charge.organization_id} ${charge.id}`, charge]));
    const known = payments.map((payment) => {
      const key = `${payment.organization_id} ${payment.charge}`;
      return { ...payment, key, theirs: byId.get(key)?.held, theirHold: byId.get(key)?.hold ?? 0 };
    });
    const claimed = new Set(known.map(({ key }) => key));
    // What the provider collected for nobody we know: a guest who was charged twice. Where an attempt is open, it may yet be told.
    const unclaimed = charges.filter(
      ({ organization_id, id, held }) => held !== 0 && !claimed.has(`${organization_id} ${id}`),
    );
    const open = new Set(await openAmong(query, unclaimed));
    const strays = unclaimed.filter(({ reference }) => !open.has(reference));
    const violations = [
      ...payments.filter(({ over }) => over).map(({ id }) => `Payment ${id} collected more than was authorised.`),
      ...known
        .filter(({ settled, ledger, theirs = 0 }) => settled && theirs !== ledger)
        .map(
          ({ id, charge, theirs, ledger }) =>
            `Payment ${id}: the provider holds ${theirs ?? 0} (${theirs === undefined ? 'no charge' : charge}), the ledger ${ledger} minor units.`,
        ),
      ...known
        .filter(({ settled, hold, theirHold }) => settled && hold !== null && theirHold !== hold)
        .map(
          ({ id, hold, theirHold }) =>
            `Payment ${id}: the provider has ${theirHold} on hold, payments ${hold} minor units.`,
        ),
      ...strays.map(({ id, held }) => `The provider holds ${held} minor units as ${id}, for no payment.`),
    ];
    return { examined: payments.filter(({ settled }) => settled).length + strays.length, violations };
  },
};

interface CardRow {
  readonly id: string;
  readonly organization_id: string;
  readonly over: boolean;
  /** Whether nothing about it is under way. */
  readonly settled: boolean;
  readonly charge: string | null;
  readonly ledger: number;
  /** What the provider is to hold, tip included, while it is authorised. */
  readonly hold: number | null;
}

/** What went through the sandbox: other providers' books are their own. */
const CARD_PAYMENTS = `
  select p.id, p.organization_id,
    p.status = 'captured' and p.amount_minor + p.tip_minor - p.refunded_minor - p.refunded_tip_minor
      > p.authorized_minor + p.tip_allowance_minor as over,
    p.provider_reference as charge,
    not exists (
      select from payment_attempts a
      where a.organization_id = p.organization_id and a.payment_id = p.id and a.status in ('pending', 'unknown')
    ) as settled,
    coalesce(l.balance, 0) as ledger, case when p.status = 'authorized' then p.authorized_minor end as hold
  from payments p
  left join lateral (
    select sum(posting.amount_minor)::bigint as balance
    from ledger_transactions t
    join ledger_postings posting on posting.organization_id = t.organization_id and posting.transaction_id = t.id
    where t.organization_id = p.organization_id and t.payment_id = p.id and posting.account = 'card'
  ) l on true
  where p.method in ('card', 'wallet') and coalesce(p.provider, 'sandbox') = 'sandbox'`;

interface ChargeRow {
  readonly organization_id: string;
  readonly id: string;
  readonly reference: string;
  /** What was collected and not given back. */
  readonly held: number;
  /** What may yet be collected. */
  readonly hold: number;
}

const CHARGES = `
  select c.organization_id, c.id, coalesce(k.reference::text, '') as reference,
    c.captured_minor - c.refunded_minor - coalesce((
      select sum(amount_minor) from disputes d
      where d.organization_id = c.organization_id and d.charge_id = c.id and d.status <> 'won'
    ), 0)::bigint as held, case when c.open then c.authorized_minor else 0 end as hold
  from charges c left join calls k on k.organization_id = c.organization_id and k.charge_id = c.id and k.kind = 'authorize'`;

/** Which of these charges were asked for by attempts whose outcome is not known yet. */
async function openAmong(query: Sources['query'], charges: readonly ChargeRow[]): Promise<string[]> {
  const references = charges.map(({ reference }) => reference).filter((reference) => reference !== '');
  const rows = await query<{ id: string }>(
    'payments',
    `select id from payment_attempts where id = any($1::uuid[]) and status in ('pending', 'unknown')`,
    [references],
  );
  return rows.map(({ id }) => id);
}

interface CheckRow {
  readonly order_id: string;
  readonly check_id: string;
  readonly total: number;
  readonly net: number;
  readonly charge: number;
  readonly tax: number;
  /** Of the first check: what the order's lines, its charges, and all its checks together come to; of the others zero. */
  readonly lines: number;
  readonly charges: number;
  readonly whole: number;
  readonly paid: number;
  readonly payment_status: string;
}

interface PaidRow {
  readonly check_id: string;
  readonly paid: number;
  readonly refunded: number;
}

export const totalsAddUp: Invariant = {
  id: 'I3',
  promise:
    'A total is its lines, charges and taxes; what orders holds as paid is what payments collected; every leg has its owner; what guests have with the house is what moved it.',
  async examine({ query }) {
    const checks = await query<CheckRow>('orders', CHECKS);
    const paid = new Map((await query<PaidRow>('payments', PAID)).map((row) => [row.check_id, row]));
    const known = new Set(checks.map(({ check_id }) => check_id));
    const legs = await query<{ payment_id: string; collected: number; owners: number }>('payments', LEGS);
    const accounts = await examineAccounts({ query });
    const violations = [
      ...checks.flatMap((check) => checkFaults(check, paid.get(check.check_id))),
      ...[...paid.values()]
        .filter(({ check_id }) => !known.has(check_id))
        .map((row) => `Check ${row.check_id}, which orders does not have, holds payments of ${row.paid}.`),
      ...legs
        .filter(({ collected, owners }) => collected + owners !== 0)
        .map(
          ({ payment_id, collected, owners }) =>
            `Payment ${payment_id}: ${collected} was collected and ${-owners} has owners, in minor units.`,
        ),
      ...accounts.violations,
    ];
    return { examined: checks.length + paid.size + legs.length + accounts.examined, violations };
  },
};

function checkFaults(
  { order_id, total, net, charge, tax, lines, charges, whole, paid, payment_status }: CheckRow,
  payment: PaidRow | undefined,
): string[] {
  const collected = (payment?.paid ?? 0) - (payment?.refunded ?? 0);
  return [
    ...(total === net + charge + tax
      ? []
      : [`Order ${order_id}: the total ${total} is not ${net} + ${charge} + ${tax}.`]),
    ...(lines + charges === whole
      ? []
      : [`Order ${order_id}: lines of ${lines} and charges of ${charges} do not make ${whole}.`]),
    ...(paid === collected ? [] : [`Order ${order_id} holds ${paid} as paid, payments ${collected}.`]),
    ...(payment && payment.refunded > payment.paid
      ? [`Order ${order_id}: ${payment.refunded} was refunded of ${payment.paid}.`]
      : []),
    ...(payment_status === 'paid' && (payment?.paid ?? 0) < total
      ? [`Order ${order_id} counts as paid with ${payment?.paid ?? 0} of ${total}.`]
      : []),
  ];
}

/** What all amounts at a path of an order's document come to. */
function summed(path: string): string {
  return `(select coalesce(sum((amount #>> '{}')::bigint), 0)::bigint from jsonb_path_query(o.document, ${path}) amount)`;
}

const CHECKS = `
  select o.id as order_id, c ->> 'id' as check_id, o.payment_status,
    (c #>> '{totals,total,amount}')::bigint as total, (c #>> '{totals,net,amount}')::bigint as net,
    (c #>> '{totals,serviceCharge,amount}')::bigint as charge, (c #>> '{totals,tax,amount}')::bigint as tax,
    (c #>> '{paid,amount}')::bigint as paid,
    case when place = 1 then ${summed(`'$.checks[*].lines[*] ? (@.status != "voided").total.amount'`)} else 0 end as lines,
    case when place = 1 then ${summed(`'$.checks[*].charges[*].amount.amount'`)}
      + ${summed(`'$.checks[*].charges[*].taxes[*].amount.amount'`)} else 0 end as charges,
    case when place = 1 then ${summed(`'$.checks[*].totals.total.amount'`)} else 0 end as whole
  from orders o, jsonb_array_elements(o.document -> 'checks') with ordinality checks (c, place)`;

const PAID = `
  select check_id, sum(amount_minor)::bigint as paid, sum(refunded_minor)::bigint as refunded
  from payments where status = 'captured' and loads is null group by check_id`;

const LEGS = `
  select t.payment_id,
    coalesce(sum(p.amount_minor) filter (where p.account in ('cash', 'card', 'dispute')), 0)::bigint as collected,
    coalesce(sum(p.amount_minor) filter (where p.account in ('merchant', 'tax', 'tip', 'psp_fee', 'platform_fee', 'rounding', 'gift_card', 'house_account')), 0)::bigint as owners
  from ledger_transactions t join ledger_postings p on p.organization_id = t.organization_id and p.transaction_id = t.id
  group by t.payment_id`;
