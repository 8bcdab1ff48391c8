import { PostgresLog } from '@comanda/events';
import type { AuditedDatabase, Sources } from '@comanda/invariants';
import { auditorRole, createLog, databaseUrls } from '@comanda/platform';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Evening } from './evening.js';

/** Something that must never happen, done to one database, with triggers and foreign keys off: a restore that went wrong. */
export interface Damage {
  readonly to: AuditedDatabase | 'log';
  /** What the last statement returns names the row. */
  readonly sql: readonly string[];
}

export type Row = Readonly<Record<string, string | number>>;

/** A damage that an audit must find. */
export interface Finds extends Damage {
  readonly what: string;
  /** Every sentence that the audit must say about the row, and no other. */
  readonly says: (row: Row) => readonly string[];
}

/**
 * Damages the data of an evening: in a transaction that is undone after the test, or on a copy of the log.
 * @returns what an audit now reads, still as the auditor, and the rows that the last statement returned
 */
export function damaged(evening: Evening, damage: Damage): Promise<{ sources: Sources; rows: Row[] }> {
  return damage.to === 'log' ? damagedLog(evening, damage.sql) : damagedService(evening, damage.to, damage.sql);
}

async function damagedLog({ sources, copyOfLog }: Evening, sql: readonly string[]) {
  const url = await copyOfLog();
  const log = new PostgresLog({ url, logger: createLog('damage', 'silent') });
  onTestFinished(() => log.close());
  return { sources: { ...sources, log }, rows: await run(await connected(url), sql) };
}

async function damagedService({ sources, environment }: Evening, service: AuditedDatabase, sql: readonly string[]) {
  const { owner = '', database } = databaseUrls(service, environment);
  const client = await connected(owner);
  await client.query('begin');
  const rows = await run(client, sql);
  await client.query(`set local role ${pg.escapeIdentifier(auditorRole(database))}`);
  return { sources: { ...sources, query: insteadOf(sources, service, client) }, rows };
}

async function run(client: pg.Client, sql: readonly string[]): Promise<Row[]> {
  await client.query('set session_replication_role = replica');
  let rows: Row[] = [];
  for (const statement of sql) rows = (await client.query<Row>(statement)).rows;
  return rows;
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, types: { getTypeParser } });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** As in the services: `bigint` is a number. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');

/** Asks the damaged database inside of the transaction that damaged it, one question after the other. */
function insteadOf(sources: Sources, damagedService: AuditedDatabase, client: pg.Client): Sources['query'] {
  let last: Promise<unknown> = Promise.resolve();
  return <R extends object>(service: AuditedDatabase, sql: string, values: readonly unknown[] = []): Promise<R[]> => {
    if (service !== damagedService) return sources.query(service, sql, values);
    const answer = last.then(async () => (await client.query<R>(sql, [...values])).rows);
    last = answer;
    return answer;
  };
}

/** A payment that nobody heard of, in the log and among the dead letters of these groups. */
export function parked(...groups: string[]): string[] {
  const letters = groups.map((group) => `('.dlq', '${group}')`);
  return [
    `insert into log_entries (topic, partition, position, key, value, headers)
     select topic || dlq, partition, 1000 + row_number() over (), key, value, headers::jsonb
       || jsonb_build_object('ce_id', '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', 'dlq_group', dlq_group)
     from (select * from log_entries where headers ->> 'ce_type' = 'comanda.order.paid.v1' limit 1) paid,
       (values ('', ''), ${letters.join(', ')}) topics (dlq, dlq_group)`,
    `update log_partitions set next_position = 1100`,
  ];
}
