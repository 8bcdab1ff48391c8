import type { Bill, LedgerTransaction, Payment, ReturnClaim } from '@comanda/contracts';
import { billKey, newId, returnKey, signBill, signClaim } from '@comanda/platform';
import { type TestLocation, type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import type { Test } from 'supertest';
import { expect } from 'vitest';
import { payments } from '../payments.service.js';
import { type TestSandbox, testSandbox } from './sandbox.js';

/** Payments on true HTTP and PostgreSQL, with what a test of money keeps asking for. */
export interface House extends TestService {
  /** The provider. */
  readonly sandbox: TestSandbox;
  /** A bill that orders has signed; of a new check at the first location, unless said otherwise. */
  bill(total: number, facts?: Partial<Omit<Bill, 'total' | 'tax'>> & { tax?: number; location?: TestLocation }): Bill;
  /** What orders entitles the guest of a bill to for things that went back. */
  claim(bill: Bill, total: number, tax?: number): ReturnClaim;
  pay(bill: Bill, body?: object, options?: { idempotencyKey?: string; key?: string }): Test;
  refund(paymentId: string, body?: object, options?: { idempotencyKey?: string; key?: string }): Test;
  /** The bill as payments answers it, in minor units. */
  billState(checkId: string): Promise<Record<'total' | 'paid' | 'refunded' | 'pending' | 'due' | 'refundDue', number>>;
  payment(id: string): Promise<Payment>;
  /** The ledger of one payment, oldest first, as `account: amount`. */
  legs(paymentId: string): Promise<Record<string, number>[]>;
  /** Checks what must hold whatever happened, once nothing is unknown: the books balance, and the provider's equal ours. */
  expectBalancedBooks(): Promise<void>;
}

export const usd = (amount: number) => ({ amount, currency: 'USD' });

/** For tests in which the provider falls silent: long enough for a busy machine, and told soon. */
export const IMPATIENT = { PAYMENT_PROVIDER_TIMEOUT_MS: '1000' };

/** Starts payments for the tests of one file, with a sandbox of its own unless there is one. */
export async function openHouse(settings: Record<string, string> = {}, given?: TestSandbox): Promise<House> {
  const sandbox = given ?? (await testSandbox());
  const it = await testService(payments, { ...sandbox.settings, ...settings });
  await sandbox.control('PUT', '/webhook', it.id, { url: `${it.url}/v1/payments/providers/sandbox/webhooks` });
  const key = billKey(it.environment['COMANDA_SECRET'] ?? '');
  const money = (currency: string) => (amount: number) => ({ amount, currency });
  return {
    ...it,
    sandbox,
    bill(total, { tax = 0, location = it.location, ...facts } = {}) {
      const of = money(location.currency);
      return signBill(key, {
        organizationId: it.id,
        locationId: location.id,
        orderId: newId(),
        checkId: newId(),
        version: 1,
        ...facts,
        total: of(total),
        tax: of(tax),
      });
    },
    claim({ organizationId, locationId, orderId, total: { currency } }, total, tax = 0) {
      const of = money(currency);
      const facts = { organizationId, locationId, orderId, returnId: newId(), total: of(total), tax: of(tax) };
      return signClaim(returnKey(it.environment['COMANDA_SECRET'] ?? ''), facts);
    },
    pay: (bill, body = { method: 'cash' }, options = {}) =>
      it.call('post', '/v1/payments', options).send({ bill, ...body }),
    refund: (paymentId, body = {}, options = {}) =>
      it.call('post', `/v1/payments/${paymentId}/refunds`, options).send({ reason: 'Cold food', ...body }),
    async billState(checkId) {
      const { body } = await it.call('get', `/v1/payments/bills/${checkId}`).expect(200);
      const amounts = ['total', 'paid', 'refunded', 'pending', 'due', 'refundDue'].map((name) => [
        name,
        body[name].amount,
      ]);
      return Object.fromEntries(amounts) as never;
    },
    async payment(id) {
      return (await it.call('get', `/v1/payments/${id}`).expect(200)).body;
    },
    async legs(paymentId) {
      const { body } = await it.call('get', `/v1/payments/ledger?paymentId=${paymentId}`).expect(200);
      return (body.data as LedgerTransaction[])
        .toReversed()
        .map(({ postings }) => Object.fromEntries(postings.map(({ account, amount }) => [account, amount.amount])));
    },
    // What the provider has not been asked about yet may still be on its way into the ledger.
    expectBalancedBooks: () =>
      eventually(
        async () => {
          expect((await it.sql.query(UNBALANCED)).rows).toEqual([]);
          expect((await it.sql.query(OURS)).rows).toEqual((await sandbox.books.query(THEIRS)).rows);
        },
        { within: 10_000 },
      ),
  };
}

/** What must never be: each row names the promise it breaks. */
const UNBALANCED = `
  select 'a transaction does not sum to zero' as broken, transaction_id::text as id
    from ledger_postings group by organization_id, transaction_id, currency having sum(amount_minor) <> 0
  union all
  select 'a bill does not agree with its payments', b.check_id::text from bills b left join payments p using (organization_id, check_id)
    group by b.organization_id, b.check_id
    having b.settled_minor <> coalesce(sum(p.amount_minor) filter (where p.status = 'captured'), 0)
      or b.refunded_minor <> coalesce(sum(p.refunded_minor), 0)
      or b.pending_minor <> coalesce(sum(p.amount_minor) filter (where p.status in ('pending', 'unknown')), 0)
      or b.authorized_minor <> coalesce(sum(p.amount_minor) filter (where p.status = 'authorized'), 0)
  union all
  select 'events of a payment are not version after version', subject from outbox where type like 'comanda.payment.%'
    group by subject having min(aggregate_version) <> 1 or max(aggregate_version) <> count(*)
      or array_agg(aggregate_version order by id) <> array_agg(aggregate_version order by aggregate_version)`;

/** What the ledger says that the provider holds, and what the provider's own books say. */
const OURS = `
  select organization_id, currency, sum(amount_minor) as amount from ledger_postings where account = 'card'
  group by 1, 2 having sum(amount_minor) <> 0 order by 1, 2`;
const THEIRS = `
  select organization_id, currency, sum(amount) as amount from (
    select organization_id, currency, captured_minor - refunded_minor as amount from charges
    union all select organization_id, currency, -amount_minor from disputes where status <> 'won'
  ) moved group by 1, 2 having sum(amount) <> 0 order by 1, 2`;
