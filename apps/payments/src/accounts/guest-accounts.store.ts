import { insertRows, lockRows, Refusal, runPrepared, together, type Tx, updateRows } from '@comanda/platform';
import {
  GuestAccountEntity,
  GuestAccountEntryEntity,
  type GuestAccountEntryRow,
  type GuestAccountRow,
} from './guest-account.entity.js';

/** What a refund under way holds of an account; negative when it lets go. */
export interface Held {
  readonly accountId: string;
  readonly amount: number;
}

/** Which account a tender names: a gift card by the hash of its number, a house account by its id. */
export type Named = { readonly numberHash: string } | { readonly id: string };

/** Locks the accounts that tenders name until the transaction ends, so that no two spend the same money. */
export async function lockNamed(tx: Tx, named: readonly Named[]): Promise<(by: Named) => GuestAccountRow> {
  const [cards, accounts] = await together(
    lockRows(
      tx,
      GuestAccountEntity,
      'numberHash',
      named.flatMap((each) => ('numberHash' in each ? each.numberHash : [])),
    ),
    lockRows(
      tx,
      GuestAccountEntity,
      'id',
      named.flatMap((each) => ('id' in each ? each.id : [])),
    ),
  );
  return (by) => {
    const found = 'numberHash' in by ? cards.get(by.numberHash) : accounts.get(by.id);
    if (!found || ('id' in by && found.kind !== 'house_account')) throw unknown();
    return found;
  };
}

/** Locks an account until the transaction ends. @throws Refusal `not_found` */
export async function lockAccount(tx: Tx, id: string): Promise<GuestAccountRow> {
  const account = (await lockRows(tx, GuestAccountEntity, 'id', [id])).get(id);
  if (!account) throw new Refusal('not_found', 'There is no such gift card or house account.');
  return account;
}

/** @throws Refusal `not_found` */
export async function findAccount(tx: Tx, id: string): Promise<GuestAccountRow> {
  const account = await tx.findOneBy(GuestAccountEntity, { id });
  if (!account) throw new Refusal('not_found', 'There is no such gift card or house account.');
  return account;
}

/** @throws Refusal `account_unknown` */
export async function findByNumber(tx: Tx, numberHash: string): Promise<GuestAccountRow> {
  const account = await tx.findOneBy(GuestAccountEntity, { numberHash });
  if (!account) throw unknown();
  return account;
}

/** @throws Refusal `id_taken` */
export async function openAccount(tx: Tx, account: GuestAccountRow): Promise<void> {
  if ((await insertRows(tx, GuestAccountEntity, [account])) === 0)
    throw new Refusal('id_taken', 'An account with this id exists.', { id: account.id });
}

/** Writes what is said about a locked account. */
export const saveAccount = (tx: Tx, account: GuestAccountRow): Promise<void> =>
  updateRows(tx, GuestAccountEntity, ['status', 'name', 'limit', 'expiresOn', 'version', 'updatedAt'], [account]);

/**
 * Enters what moved accounts, and moves their balances by just that. The database takes no balance below its limit, and
 * no entry of the same payment or refund twice.
 */
export async function moveAccounts(
  tx: Tx,
  entries: readonly GuestAccountEntryRow[],
  held: readonly Held[],
): Promise<void> {
  const moves = [
    ...entries.map(({ accountId: id, amount: balance }) => ({ id, balance, held: 0 })),
    ...held.map(({ accountId: id, amount }) => ({ id, balance: 0, held: amount })),
  ];
  if (moves.length === 0) return;
  const [entered] = await together(
    insertRows(tx, GuestAccountEntryEntity, entries),
    // In the order of ids, as everybody locks them.
    lockRows(
      tx,
      GuestAccountEntity,
      'id',
      moves.map(({ id }) => id),
    ),
    runPrepared(tx, MOVE, [JSON.stringify(moves)]),
  );
  if (entered < entries.length) throw new Error('A payment or refund moves an account once.');
}

const MOVE = {
  name: 'guest_accounts.move',
  text: `
    update guest_accounts set balance_minor = balance_minor + moved.balance, held_minor = held_minor + moved.held
    from (
      select id, sum(balance)::bigint as balance, sum(held)::bigint as held
      from json_to_recordset($1::json) as given (id uuid, balance bigint, held bigint) group by id
    ) moved
    where guest_accounts.id = moved.id`,
};

const unknown = (): Refusal => new Refusal('account_unknown', 'There is no such gift card or house account.');
