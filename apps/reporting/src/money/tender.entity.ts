import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a payment was made, and who took it. */
@Entity('tenders')
export class TenderRow {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'tenders_pkey' })
  organizationId!: string;

  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'tenders_pkey' })
  paymentId!: string;

  @Column('int')
  version!: number;

  @Column('text')
  method!: string;

  @Column('text', { nullable: true })
  brand!: string | null;

  @Column('text', { name: 'taken_by' })
  takenBy!: string;
}
