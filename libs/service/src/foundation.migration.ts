import { createInbox, createOutbox } from '@comanda/events';
import { createIdempotencyKeys } from '@comanda/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIdentityCopy } from './identity-copy/create-identity-copy.js';

/** The tables that every service has: keys of idempotency, outbox, inbox, and its copy of what identity publishes. */
export class Foundation1760000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyKeys(runner);
    await createOutbox(runner);
    await createInbox(runner);
    await createIdentityCopy(runner);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
