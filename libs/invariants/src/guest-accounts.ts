import type { Sources } from './invariant.js';

/** What guests have with the house: on each account what moved it, never below its limit, and in the ledger the same. */
export async function examineAccounts({
  query,
}: Pick<Sources, 'query'>): Promise<{ examined: number; violations: string[] }> {
  const accounts = await query<AccountRow>('payments', ACCOUNTS);
  const kinds = await query<{ kind: string; currency: string; accounts: number; ledger: number }>('payments', KINDS);
  const violations = [
    ...accounts
      .filter(({ balance, entries }) => balance !== entries)
      .map(
        ({ id, balance, entries }) => `Account ${id} holds ${balance} and has entries of ${entries}, in minor units.`,
      ),
    ...accounts
      .filter(({ balance, limit }) => balance + limit < 0)
      .map(({ id, balance, limit }) => `Account ${id} holds ${balance}, below its limit of ${limit}.`),
    ...kinds
      .filter((row) => row.accounts !== row.ledger)
      .map(
        (row) =>
          `The ledger holds ${row.ledger} ${row.currency} minor units as ${row.kind}, the accounts ${row.accounts}.`,
      ),
  ];
  return { examined: accounts.length + kinds.length, violations };
}

interface AccountRow {
  readonly id: string;
  readonly balance: number;
  readonly limit: number;
  readonly entries: number;
}

const ACCOUNTS = `
  select a.id, a.balance_minor as balance, a.limit_minor as limit, coalesce(sum(e.amount_minor), 0)::bigint as entries
  from guest_accounts a
  left join guest_account_entries e on e.organization_id = a.organization_id and e.account_id = a.id
  group by a.organization_id, a.id`;

const KINDS = `
  select coalesce(ours.kind, theirs.account) as kind, coalesce(ours.currency, theirs.currency) as currency,
    coalesce(ours.amount, 0)::bigint as accounts, coalesce(theirs.amount, 0)::bigint as ledger
  from (
    select organization_id, kind, currency, sum(balance_minor) as amount from guest_accounts group by 1, 2, 3
  ) ours
  full join (
    select organization_id, account, currency, -sum(amount_minor) as amount from ledger_postings
    where account in ('gift_card', 'house_account') group by 1, 2, 3
  ) theirs on ours.organization_id = theirs.organization_id and ours.kind = theirs.account and ours.currency = theirs.currency`;
