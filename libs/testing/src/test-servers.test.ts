import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import {
  describeReal,
  startKafka,
  startRedis,
  startStripeMock,
  testKafka,
  testPage,
  testPostgres,
  testPython,
  testRedis,
} from './index.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return (await client.query<Record<string, unknown>>(sql)).rows.flatMap((row) => Object.values(row));
}

test('every database of a test is its own, empty, on a real PostgreSQL 18', async () => {
  const postgres = await testPostgres();
  const [one, other] = await Promise.all([postgres.createDatabase('orders'), postgres.createDatabase('orders')]);
  expect(one.name).not.toBe(other.name);
  await query(one.url, 'create table checks ()');
  expect(await query(other.url, `select count(*)::int from pg_tables where schemaname = 'public'`)).toEqual([0]);
  expect(await query(postgres.url, 'show server_version')).toEqual(['18.4']);
});

test('a database can be a copy of another, in which a test may break what it likes', async () => {
  const postgres = await testPostgres();
  const original = await postgres.createDatabase('orders');
  await run(original.url, 'create table checks as select 12 as id');
  const copy = await postgres.createDatabase('orders', original.name);
  await run(copy.url, 'delete from checks');
  expect(await query(copy.url, 'select id from checks')).toEqual([]);
  expect(await query(original.url, 'select id from checks')).toEqual([12]);
});

test('a template is made once for all who want the same, also when whoever began has died', async () => {
  const postgres = await testPostgres();
  const prefix = `menu_${randomBytes(4).toString('hex')}`;
  let made = 0;
  const make = (url: string): Promise<void> => {
    made += 1;
    return run(url, 'create table pizzas (name text)');
  };
  const broken = postgres.template(prefix, 'autumn', () => Promise.reject(new Error('killed')));
  await expect(broken).rejects.toThrow('killed');
  const templates = await Promise.all(['autumn', 'autumn', 'winter'].map((of) => postgres.template(prefix, of, make)));
  const copies = await Promise.all(templates.map(({ name }) => postgres.createDatabase('menu', name)));
  for (const { url } of copies) expect(await query(url, 'select count(*)::int from pizzas')).toEqual([0]);
  expect(made).toBe(2);
});

/** Nobody is connected when it is done. */
async function run(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

describeReal('kafka', 'Kafka', () => {
  test('is a real broker, on which topics are made by whoever needs them', async () => {
    const { brokers } = await testKafka();
    const admin = clientOf(brokers).admin();
    await admin.connect();
    onTestFinished(() => admin.disconnect());
    const topic = `kitchen-${process.pid}`;
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
    const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
    expect(metadata.topics[0]?.partitions).toHaveLength(3);
    await admin.deleteTopics({ topics: [topic] });
  });

  test('can also be one of a test’s own, which it stops and starts again with its log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comanda-kafka-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const first = await startKafka({ folder });
    const admin = clientOf(first.brokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'kitchen' }] });
    await admin.disconnect();
    await first.stop();

    const second = await startKafka({ folder });
    onTestFinished(() => second.stop());
    expect(second.brokers).toBe(first.brokers);
    const again = clientOf(second.brokers).admin();
    await again.connect();
    onTestFinished(() => again.disconnect());
    expect(await again.listTopics()).toContain('kitchen');
  });
});

describeReal('redis', 'Redis', () => {
  test('answers', async () => {
    const { url } = await testRedis();
    expect(await ping(url)).toBe('+PONG');
  });

  test('can also be one of a test’s own, which it stops', async () => {
    const redis = await startRedis();
    expect(await ping(redis.url)).toBe('+PONG');
    await redis.stop();
    await expect(ping(redis.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describeReal('python', 'Python', () => {
  test('has the packages of an outside consumer', () => {
    const { command } = testPython();
    const program = 'import kafka, jsonschema_rs, schemathesis; print(kafka.__version__.split(".")[0])';
    expect(execFileSync(command, ['-c', program], { encoding: 'utf8' }).trim()).toBe('3');
  });
});

describeReal('stripe-mock', 'stripe-mock', () => {
  test('refuses what Stripe does not know', async () => {
    const stripe = await startStripeMock();
    onTestFinished(() => stripe.stop());
    const ask = (params: Record<string, string>) =>
      fetch(`${stripe.url}/v1/refunds`, {
        method: 'POST',
        body: new URLSearchParams(params),
        headers: { authorization: 'Bearer sk_test_123' },
      });
    expect((await ask({ payment_intent: 'pi_1' })).status).toBe(200);
    expect((await ask({ payment_intent: 'pi_1', colour: 'red' })).status).toBe(400);
  });
});

describeReal('chromium', 'Chromium', () => {
  test('runs what a page is given', async () => {
    const page = await testPage();
    expect(await page.evaluate(() => 0.1 + 0.2 === 0.3)).toBe(false);
    expect(page.context().browser()?.browserType().name()).toBe('chromium');
  });
});

function clientOf(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}

function ping(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(String(answer).trim());
    });
  });
}
