import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The books of the sandbox provider. */
export class Sandbox1760200000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table sandbox_charges (
      organization_id uuid not null,
      id text not null,
      source text not null,
      currency text not null,
      open boolean not null,
      authorized_minor bigint not null,
      tip_allowance_minor bigint not null,
      captured_minor bigint not null,
      refunded_minor bigint not null,
      fee_minor bigint not null,
      constraint sandbox_charges_pkey primary key (organization_id, id),
      constraint sandbox_charges_bounds check (
        refunded_minor <= captured_minor and captured_minor <= authorized_minor + tip_allowance_minor)
    )`);
    await runner.query(`create table sandbox_calls (
      organization_id uuid not null,
      reference uuid not null,
      kind text not null,
      amount_minor bigint not null,
      outcome jsonb not null,
      constraint sandbox_calls_pkey primary key (organization_id, reference),
      constraint sandbox_calls_kind check (kind in ('authorize', 'capture', 'void', 'refund'))
    )`);
    await tenantTable(runner, 'sandbox_charges');
    await tenantTable(runner, 'sandbox_calls', { app: ['select', 'insert'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
