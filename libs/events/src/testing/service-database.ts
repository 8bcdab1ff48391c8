import { randomUUID } from 'node:crypto';
import { defineEvent } from '@comanda/contracts';
import { connect, type DatabaseUrls, tenantTable } from '@comanda/platform';
import { migratedDatabase } from '@comanda/platform/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createInbox, InboxRow } from '../inbox/inbox.entity.js';
import { createOutbox, OutboxRow } from '../outbox/outbox.entity.js';

/** An event for tests: guests sat down. */
export const CheckOpened = defineEvent('comanda.check.opened.v1', {
  service: 'orders',
  summary: 'Guests sat down.',
  subject: 'checkId',
  data: z.object({ checkId: z.uuid(), covers: z.int().min(1), note: z.string().optional() }),
  example: { checkId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', covers: 2 },
});

/** And that they left. */
export const CheckClosed = defineEvent('comanda.check.closed.v1', {
  service: 'orders',
  summary: 'Guests left.',
  subject: 'checkId',
  data: z.object({ checkId: z.uuid() }),
  example: { checkId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' },
});

/** The tables of a small service: outbox, inbox, and the guests that sit at its tables. */
class Tables1772000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createOutbox(runner);
    await createInbox(runner);
    await runner.query(`create table seated (
      place bigint generated always as identity primary key,
      organization_id uuid not null,
      check_id uuid not null,
      covers integer not null
    )`);
    await tenantTable(runner, 'seated', { worker: ['select'] });
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export const schema = { entities: [OutboxRow, InboxRow], migrations: [Tables1772000000000] };

/** A service's database with its tables, and connections for both of its roles. */
export interface ServiceDatabase {
  readonly urls: DatabaseUrls;
  readonly db: DataSource;
  readonly worker: DataSource;
  readonly organizationId: string;
}

/** A fresh database of a service, closed after the test. */
export async function serviceDatabase(): Promise<ServiceDatabase> {
  const { urls } = await migratedDatabase('events', schema, SECRET);
  return { urls, ...(await connections(urls)), organizationId: randomUUID() };
}

/** Connections as another process of the service would have. */
export async function connections(urls: DatabaseUrls): Promise<{ db: DataSource; worker: DataSource }> {
  const db = connect(urls.app, { name: 'app', entities: schema.entities, pool: 5 });
  const worker = connect(urls.worker, { name: 'worker', pool: 2 });
  await Promise.all([db.initialize(), worker.initialize()]);
  onTestFinished(async () => {
    await Promise.all([db.destroy(), worker.destroy()]);
  });
  return { db, worker };
}

export const SECRET = 'a secret of at least thirty-two characters';
