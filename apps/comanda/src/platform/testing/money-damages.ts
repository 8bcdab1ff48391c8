import { expect } from 'vitest';
import type { Finds } from './damage.js';

/** The regular’s order: 26.50 for two pizzas, by card, of which 13.25 went back. */
export const REGULAR = `where customer_id is not null`;

/** What an audit must find in what orders and payments come to, by invariant. */
export const MONEY_DAMAGES: Readonly<Record<string, readonly Finds[]>> = {
  I1: [
    {
      what: 'a posting that was changed by a cent',
      to: 'payments',
      sql: [
        `update ledger_postings set amount_minor = amount_minor - 1 where account = 'card' and amount_minor > 0 returning transaction_id as id`,
      ],
      says: ({ id }) => [`Transaction ${id} is off by -1 USD minor units.`],
    },
    {
      what: 'a leg that is missing',
      to: 'payments',
      sql: [`delete from ledger_postings where account = 'tip' returning transaction_id as id`],
      says: ({ id }) => [`Transaction ${id} is off by 300 USD minor units.`],
    },
    {
      what: 'a leg in another currency',
      to: 'payments',
      sql: [`update ledger_postings set currency = 'EUR' where account = 'tip' returning transaction_id as id`],
      says: ({ id }) => [
        `Transaction ${id} is off by -300 EUR minor units.`,
        `Transaction ${id} is off by 300 USD minor units.`,
      ],
    },
  ],
  I2: [
    {
      what: 'a payment of more than was authorised',
      to: 'payments',
      sql: [`update payments set authorized_minor = 1624, tip_allowance_minor = 0 where method = 'card' returning id`],
      says: ({ id }) => [`Payment ${id} collected more than was authorised.`],
    },
    {
      what: 'a provider that holds less than the ledger',
      to: 'sandbox_psp',
      sql: [`update charges set captured_minor = captured_minor - 1 returning id as charge`],
      says: ({ charge }) => [
        expect.stringMatching(
          new RegExp(`^Payment .*: the provider holds 1624 \\(${charge}\\), the ledger 1625 minor units\\.$`),
        ) as string,
      ],
    },
    {
      what: 'an authorisation of which the provider holds something else',
      to: 'payments',
      sql: [`update payments set status = 'authorized' where method = 'card' returning id`],
      says: ({ id }) => [`Payment ${id}: the provider has 0 on hold, payments 2950 minor units.`],
    },
    {
      what: 'a payment that the provider knows nothing of',
      to: 'sandbox_psp',
      sql: [`delete from charges returning id`],
      says: () => [
        expect.stringMatching(
          /^Payment .*: the provider holds 0 \(no charge\), the ledger 1625 minor units\.$/,
        ) as string,
      ],
    },
    {
      what: 'a guest who was charged twice',
      to: 'sandbox_psp',
      sql: [
        `insert into charges select (jsonb_populate_record(c, '{"id": "sbx_again"}')).* from charges c returning id`,
      ],
      says: ({ id }) => [`The provider holds 1625 minor units as ${id}, for no payment.`],
    },
  ],
  I3: [
    {
      what: 'a total that is not what its lines come to',
      to: 'orders',
      sql: [
        `update orders set document = jsonb_set(document, '{checks,0,totals,total,amount}', '2651') ${REGULAR} returning id`,
      ],
      says: ({ id }) => [
        `Order ${id}: the total 2651 is not 2650 + 0 + 0.`,
        `Order ${id}: lines of 2650 and charges of 0 do not make 2651.`,
        `Order ${id} counts as paid with 2650 of 2651.`,
      ],
    },
    {
      what: 'a tax that is in no total',
      to: 'orders',
      sql: [
        `update orders set document = jsonb_set(document, '{checks,0,totals,tax,amount}', '119') where payment_status = 'unpaid' returning id`,
      ],
      says: ({ id }) => [`Order ${id}: the total 1443 is not 1325 + 0 + 119.`],
    },
    {
      what: 'a line that is gone',
      to: 'orders',
      sql: [`update orders set document = jsonb_set(document, '{checks,0,lines}', '[]') ${REGULAR} returning id`],
      says: ({ id }) => [`Order ${id}: lines of 0 and charges of 0 do not make 2650.`],
    },
    {
      what: 'an order that has not heard of a refund',
      to: 'orders',
      sql: [
        `update orders set document = jsonb_set(document, '{checks,0,paid,amount}', '2650') ${REGULAR} returning id`,
      ],
      says: ({ id }) => [`Order ${id} holds 2650 as paid, payments 1325.`],
    },
    {
      what: 'an order that counts as paid and is not',
      to: 'orders',
      sql: [`update orders set payment_status = 'paid' where payment_status = 'unpaid' returning id`],
      says: ({ id }) => [`Order ${id} counts as paid with 0 of 1443.`],
    },
    {
      what: 'a payment that is gone',
      to: 'payments',
      sql: [`delete from payments where method = 'cash' and loads is null returning order_id as id`],
      says: ({ id }) => [`Order ${id} holds 1325 as paid, payments 0.`, `Order ${id} counts as paid with 0 of 1325.`],
    },
    {
      what: 'more given back than was taken',
      to: 'payments',
      sql: [
        `alter table payments drop constraint payments_refunded`,
        `update payments set refunded_minor = 2651 where method = 'card' returning order_id as id`,
      ],
      says: ({ id }) => [`Order ${id} holds 1325 as paid, payments -1.`, `Order ${id}: 2651 was refunded of 2650.`],
    },
    {
      what: 'money for an order that nobody has',
      to: 'orders',
      sql: [`delete from orders ${REGULAR} returning check_id as id`],
      says: ({ id }) => [`Check ${id}, which orders does not have, holds payments of 2650.`],
    },
    {
      what: 'a gift card that holds more than was put on it',
      to: 'payments',
      sql: [`update guest_accounts set balance_minor = balance_minor + 1 returning id`],
      says: ({ id }) => [
        `Account ${id} holds 2001 and has entries of 2000, in minor units.`,
        `The ledger holds 2000 USD minor units as gift_card, the accounts 2001.`,
      ],
    },
    {
      what: 'a gift card below zero',
      to: 'payments',
      sql: [
        `alter table guest_accounts drop constraint guest_accounts_floor`,
        `update guest_accounts set balance_minor = -1 returning id`,
      ],
      says: ({ id }) => [
        `Account ${id} holds -1 and has entries of 2000, in minor units.`,
        `Account ${id} holds -1, below its limit of 0.`,
        `The ledger holds 2000 USD minor units as gift_card, the accounts -1.`,
      ],
    },
    {
      what: 'a leg that is nobody’s',
      to: 'payments',
      sql: [
        `update ledger_postings p set account = 'drawer' from ledger_transactions t
         where t.id = p.transaction_id and p.account = 'platform_fee' and p.currency = 'EUR' returning t.payment_id as id`,
      ],
      says: ({ id }) => [`Payment ${id}: 1325 was collected and 1302 has owners, in minor units.`],
    },
  ],
};
