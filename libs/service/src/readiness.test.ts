import { type Envelope, KeyChanged, type EventDefinition, OrderPlaced, topicOf } from '@comanda/contracts';
import { Consumes, Events, groupOf, lagOf, PostgresLog } from '@comanda/events';
import { ConfigError, contract, databaseUrls, migrate, type Migration } from '@comanda/platform';
import { testPostgres } from '@comanda/testing';
import { Controller, Module } from '@nestjs/common';
import { pino } from 'pino';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TEST_SECRET } from '../testing/test-service.js';
import { schemaOf, type ServiceDefinition } from './definition.js';
import { type Service, startService } from './service.js';

const forward = () => Promise.reject(new Error('Migrations go forward only.'));

/** Version 1: a table. */
class Bells1900000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table bells (id uuid not null, tone text)');
  }
  down = forward;
}

/** Version 2: what replaces a column is added beside it. */
class Pitches1900000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table bells add column pitch integer');
  }
  down = forward;
}

/** Version 3: nobody uses the old one any more. */
class NoTones1900000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table bells drop column tone');
    await contract(runner, Pitches1900000000001);
  }
  down = forward;
}

const versions: Record<1 | 2 | 3, readonly Migration[]> = {
  1: [Bells1900000000000],
  2: [Bells1900000000000, Pitches1900000000001],
  3: [Bells1900000000000, Pitches1900000000001, NoTones1900000000002],
};

@Controller()
class Ringer {
  @Consumes(OrderPlaced)
  async ring(@Events() _events: readonly Envelope<typeof OrderPlaced>[]): Promise<void> {}
}

@Module({ controllers: [Ringer] })
class RingerModule {}

const version = (number: 1 | 2 | 3): ServiceDefinition => ({
  name: 'loyalty',
  module: RingerModule,
  entities: [],
  migrations: versions[number],
  endpoints: [],
  consumes: [OrderPlaced as EventDefinition],
});

/** A database of one's own, a log, and what was logged. */
async function house() {
  const [database, log] = await Promise.all(
    ['loyalty', 'log'].map(async (name) => (await testPostgres()).createDatabase(name)),
  );
  const environment = { NODE_ENV: 'test', LOYALTY_DATABASE_URL: database?.url, COMANDA_SECRET: TEST_SECRET };
  const eventLog = new PostgresLog({ url: log?.url ?? '', logger: pino({ level: 'silent' }) });
  onTestFinished(() => eventLog.close());
  await eventLog.createTopics([topicOf('orders'), topicOf(KeyChanged.service)]);
  const said: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
  return {
    eventLog,
    said,
    migrateTo: (number: 1 | 2 | 3) =>
      migrate(databaseUrls('loyalty', environment), schemaOf(version(number)), TEST_SECRET),
    start: async (number: 1 | 2 | 3, patience?: number): Promise<Service> => {
      const service = await startService(version(number), {
        environment,
        eventLog,
        log: logger,
        ...(patience && { patience }),
      });
      onTestFinished(() => service.stop());
      return service;
    },
  };
}

const PAST =
  'the schema was contracted past this version: it serves code that knows the migration Pitches1900000000001, and this code ends with Bells1900000000000; deploy a newer version';

describe('a schema', () => {
  test('that was only expanded serves the version before, so that a rollback meets what it can use', async () => {
    const { migrateTo, start } = await house();
    await migrateTo(2);
    const service = await start(1);
    expect(await service.readiness()).toMatchObject({ ready: true, checks: { schema: 'ok' } });
    await migrateTo(3);
    expect(await (await start(2)).readiness()).toMatchObject({ ready: true, checks: { schema: 'ok' } });
  });

  test('that is contracted past a version that runs: it is not ready and says why, is alive, and takes no more events', async () => {
    const { migrateTo, start, said, eventLog } = await house();
    await migrateTo(1);
    const old = await start(1);
    expect(await old.readiness()).toMatchObject({ ready: true });
    await migrateTo(3);
    expect(await old.readiness()).toEqual({ ready: false, checks: { draining: 'ok', schema: PAST, database: 'ok' } });
    await old.readiness();
    expect(said.filter((line) => line.includes(PAST))).toHaveLength(1);
    expect((await old.app.inject('/health/live')).statusCode).toBe(200);
    expect((await old.app.inject('/health/ready')).json()).toMatchObject({
      status: 'unavailable',
      checks: { schema: PAST },
    });
    // Its group has no member any more: it could not be set back otherwise.
    await eventLog.rewind(groupOf('loyalty'));
    await eventLog.append([{ topic: topicOf('orders'), key: 'a', value: null, headers: {} }]);
    expect(lagOf(await eventLog.positions(groupOf('loyalty'), [topicOf('orders')]))).toBe(1);
  });

  test('that was contracted past a version refuses it when it starts, or migrates, in one sentence', async () => {
    const { migrateTo, start } = await house();
    await migrateTo(3);
    const failure = await start(1, 30_000).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toBe(`T${PAST.slice(1)}.`);
    await expect(migrateTo(1)).rejects.toThrow(PAST);
    expect(await (await start(3)).readiness()).toMatchObject({ ready: true });
  });

  test('that is not migrated yet is waited for, and what comes from the log waits with it', async () => {
    const { migrateTo, start, said } = await house();
    await migrateTo(1);
    const waiting = start(2, 30_000);
    await expect.poll(() => said.join(), { timeout: 10_000 }).toContain('the schema is not there yet');
    await migrateTo(2);
    expect(await (await waiting).readiness()).toMatchObject({ ready: true });
    await expect(start(3, 300)).rejects.toThrow(
      'The newest migration has not run: NoTones1900000000002, not within 0.3 seconds. Run comanda migrate.',
    );
  });
});
