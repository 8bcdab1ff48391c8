import type { Account, LedgerTransaction } from '@comanda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Row } from '@comanda/platform';

/** What moved money: one capture or one refund. Written once, never changed. */
@Entity('ledger_transactions')
@Index('ledger_transactions_day', ['organizationId', 'businessDate'])
@Index('ledger_transactions_order', ['organizationId', 'orderId'])
@Index('ledger_transactions_payment', ['organizationId', 'paymentId'])
@Index('ledger_transactions_recorded', ['recordedAt'], { type: 'brin' })
@Check('ledger_transactions_kind', `kind in ('capture', 'refund', 'dispute')`)
@Check('ledger_transactions_refund', `(kind = 'refund') = (refund_id is not null)`)
export class LedgerTransactionEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'ledger_transactions_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'ledger_transactions_pkey' })
  id!: string;

  @Column('text')
  kind!: LedgerTransaction['kind'];

  @Column('uuid', { name: 'location_id' })
  locationId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'refund_id', nullable: true })
  refundId!: string | null;

  @Column('date', { name: 'business_date' })
  businessDate!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

export type LedgerTransactionRow = Row<LedgerTransactionEntity>;

/** One leg of a transaction: debits are positive. The legs of a transaction sum to zero for each currency, by a trigger. */
@Entity('ledger_postings')
export class LedgerPostingEntity {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'ledger_postings_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'transaction_id', primaryKeyConstraintName: 'ledger_postings_pkey' })
  transactionId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'ledger_postings_pkey' })
  account!: Account;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'ledger_postings_pkey' })
  currency!: string;

  @Column('bigint', { name: 'amount_minor' })
  amount!: number;
}
