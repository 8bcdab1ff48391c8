import { contract } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A payment remembers at which account its money is; the sandbox has moved to a server and books of its own. */
export class ProviderAccounts1763940000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Null is the sandbox: what was paid before had no other provider.
    await runner.query(`alter table payments add column provider text`);
    await runner.query(`drop table sandbox_calls`);
    await runner.query(`drop table sandbox_charges`);
    await contract(runner, ProviderAccounts1763940000001);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
