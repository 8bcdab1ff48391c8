import { Column, Entity, Index, PrimaryColumn, type QueryRunner } from 'typeorm';
import { tenantTable } from '../database/tenancy.js';

/** What a request with an `Idempotency-Key` was answered with, so that a repeat gets the same answer and no second effect. */
@Entity('idempotency_keys')
@Index('idempotency_keys_expiry', ['expiresAt'], { where: 'expires_at is not null' })
export class IdempotencyKey {
  @PrimaryColumn('uuid', { name: 'organization_id', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  organizationId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_keys_pkey' })
  route!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_keys_pkey' })
  key!: string;

  @Column('text')
  hash!: string;

  /** Null while the request is under way outside its transaction. */
  @Column('int', { nullable: true })
  status!: number | null;

  @Column('json', { nullable: true })
  answer!: unknown;

  /** Until when the request under way may not be taken up by another. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** Null: kept for ever. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}

/** Makes the table, in a service's first migration. */
export async function createIdempotencyKeys(runner: QueryRunner): Promise<void> {
  await runner.query(`create table idempotency_keys (
    organization_id uuid not null,
    route text not null,
    key text not null,
    hash text not null,
    status integer,
    answer json,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    constraint idempotency_keys_pkey primary key (organization_id, route, key)
  )`);
  await runner.query(
    `create index idempotency_keys_expiry on idempotency_keys (expires_at) where expires_at is not null`,
  );
  await tenantTable(runner, 'idempotency_keys', {
    app: ['select', 'insert', 'update', 'delete'],
    worker: ['select', 'delete'],
  });
}
