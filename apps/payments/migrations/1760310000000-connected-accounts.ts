import { tenantTable } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that organizations have of their own at payment providers. */
export class ConnectedAccounts1760310000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table connected_accounts (
      organization_id uuid not null,
      provider text not null,
      account text not null,
      connected_by text not null,
      connected_at timestamptz not null,
      constraint connected_accounts_pkey primary key (organization_id, provider)
    )`);
    // Of all organizations: nobody's cards are paid into somebody else's account.
    await runner.query(`create unique index connected_accounts_account on connected_accounts (provider, account)`);
    await tenantTable(runner, 'connected_accounts', { app: ['select', 'insert'], worker: ['select'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
