import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What went back is part of what an order comes to, with the other sign. */
export class Returns1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table sale_parts drop constraint sale_parts_kind`);
    await runner.query(
      `alter table sale_parts add constraint sale_parts_kind check (kind in ('line', 'charge', 'void', 'return'))`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
