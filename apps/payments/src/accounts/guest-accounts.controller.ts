import {
  type AnswerOf,
  type Bill,
  BillGuestAccount,
  ChangeGuestAccount,
  FindGiftCard,
  type GuestAccount,
  ListGuestAccountEntries,
  ListGuestAccounts,
  OpenGuestAccount,
  ReadGuestAccount,
  ReadStatement,
} from '@comanda/contracts';
import {
  type Answer,
  billKey,
  Call,
  type CallOf,
  CONFIG,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  newId,
  type PlatformConfig,
  requireLocation,
  requireVersion,
  signBill,
  type Tx,
} from '@comanda/platform';
import { Controller, Inject } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { minorUnits } from '../amounts.js';
import { raiseBill } from '../bills/bills.store.js';
import { occurrenceAt } from '../occurrence.js';
import { introduced } from '../payments/new-payment.js';
import { giftCardKey, hashOf, newNumber, printed } from './gift-card-number.js';
import { changed, opened } from './guest-account.js';
import { toGuestAccount } from './guest-account-facts.js';
import { listAccounts, listEntries, readStatement } from './guest-accounts.list.js';
import { findAccount, findByNumber, lockAccount, openAccount, saveAccount } from './guest-accounts.store.js';

@Controller()
export class GuestAccountsController {
  readonly #billKey: Buffer;
  readonly #giftCardKey: Buffer;

  constructor(
    private readonly db: DataSource,
    @Inject(CONFIG) config: PlatformConfig,
  ) {
    this.#billKey = billKey(config.COMANDA_SECRET);
    this.#giftCardKey = giftCardKey(config.COMANDA_SECRET);
  }

  @Endpoint(OpenGuestAccount)
  open(@Call() call: CallOf<typeof OpenGuestAccount>): Promise<Answer<AnswerOf<typeof OpenGuestAccount>>> {
    const { caller, body } = call;
    const number = body.kind === 'gift_card' ? newNumber() : null;
    const hash = number === null ? null : hashOf(this.#giftCardKey, caller.organizationId, number);
    const open = async (tx: Tx) => {
      const account = opened(caller, body, hash, number?.slice(-4) ?? null);
      await openAccount(tx, account);
      return { ...toGuestAccount(account), number: number === null ? null : printed(number) };
    };
    return idempotently(this.db, call, open, { remember: (answer) => ({ ...answer, number: null }) });
  }

  @Endpoint(FindGiftCard)
  find(@Call() { caller, body }: CallOf<typeof FindGiftCard>): Promise<GuestAccount> {
    const hash = hashOf(this.#giftCardKey, caller.organizationId, body.number);
    return inTransaction(this.db, caller.organizationId, async (tx) => toGuestAccount(await findByNumber(tx, hash)));
  }

  @Endpoint(ListGuestAccounts)
  list(@Call() { caller, query }: CallOf<typeof ListGuestAccounts>): Promise<AnswerOf<typeof ListGuestAccounts>> {
    return inTransaction(this.db, caller.organizationId, (tx) => listAccounts(tx, query));
  }

  @Endpoint(ReadGuestAccount)
  read(@Call() { caller, params }: CallOf<typeof ReadGuestAccount>): Promise<GuestAccount> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toGuestAccount(await findAccount(tx, params.accountId)),
    );
  }

  @Endpoint(ChangeGuestAccount)
  change(@Call() call: CallOf<typeof ChangeGuestAccount>): Promise<GuestAccount> {
    const { version: _, limit, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const account = await lockAccount(tx, call.params.accountId);
      requireVersion(call, toGuestAccount(account));
      const after = changed(account, { ...given(change), ...given({ limit: minorUnits(limit, account.currency) }) });
      await saveAccount(tx, after);
      return toGuestAccount(after);
    });
  }

  @Endpoint(BillGuestAccount)
  bill(@Call() call: CallOf<typeof BillGuestAccount>): Promise<Answer<Bill>> {
    const { caller, body, params } = call;
    const { organizationId } = caller;
    const { locationId, amount: total } = body;
    return idempotently(this.db, call, async (tx) => {
      const { id: accountId, kind: loads, currency } = await findAccount(tx, params.accountId);
      requireLocation(caller, locationId);
      const { businessDate } = await occurrenceAt(tx, caller, undefined, locationId);
      minorUnits(total, currency);
      const checkId = newId();
      const facts = { organizationId, locationId, orderId: checkId, checkId, version: 1, businessDate };
      const bill = signBill(this.#billKey, { ...facts, total, tax: { amount: 0, currency } });
      await raiseBill(tx, { ...introduced(bill), loads, accountId });
      return bill;
    });
  }

  @Endpoint(ListGuestAccountEntries)
  entries(
    @Call() { caller, params, query }: CallOf<typeof ListGuestAccountEntries>,
  ): Promise<AnswerOf<typeof ListGuestAccountEntries>> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      listEntries(tx, await findAccount(tx, params.accountId), query),
    );
  }

  @Endpoint(ReadStatement)
  statement(@Call() { caller, params, query }: CallOf<typeof ReadStatement>): Promise<AnswerOf<typeof ReadStatement>> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      readStatement(tx, await findAccount(tx, params.accountId), query),
    );
  }
}
