import { setTimeout as pause } from 'node:timers/promises';
import { withConnection } from '@comanda/embedded';
import { backlog, Relay } from '@comanda/events';
import { connect, createLog, databaseUrls } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { Registry } from 'prom-client';
import type { BenchPlatform } from './bench-platform.js';

/**
 * How fast the relay of orders brings its outbox to the log when nothing else runs: the platform is stopped, its outbox is
 * filled with so many copies of what it has published, and a relay is started.
 * @returns events a second
 */
export async function relayRate(platform: BenchPlatform, events: number): Promise<number> {
  await platform.stop();
  await fillOutbox(platform.databaseUrl('orders'), events);
  const { app, worker } = databaseUrls('orders', platform.environment);
  const log = createLog('bench', 'error');
  const [db, workers] = await Promise.all(
    [app, worker].map((url) => connect(url, { name: 'bench-relay', pool: 2 }).initialize()),
  );
  if (!db || !workers) throw new Error('There are two databases.');
  const eventLog = openEventLog(platform.environment, { clientId: 'bench', log });
  const relay = new Relay({
    service: 'orders',
    db,
    worker: workers,
    log: eventLog,
    registry: new Registry(),
    logger: log,
  });
  try {
    relay.start();
    while (!relay.leads) await pause(1);
    const since = performance.now();
    while ((await backlog(workers)).rows > 0) await pause(20);
    return events / ((performance.now() - since) / 1000);
  } finally {
    await relay.stop();
    await eventLog.close();
    await Promise.all([db.destroy(), workers.destroy()]);
  }
}

/** Copies of placed orders, each of another order, so that they spread over the log as true ones do. */
async function fillOutbox(url: string, events: number): Promise<void> {
  await withConnection(url, async (client) => {
    await client.query(
      `insert into outbox (event_id, organization_id, topic, type, subject, aggregate_version, occurred_at, data)
       select gen_random_uuid(), organization_id, topic, type, gen_random_uuid()::text, aggregate_version, occurred_at, data
       from (select * from outbox where type = 'comanda.order.placed.v1' limit 100) placed, generate_series(1, $1 / 100)`,
      [events],
    );
    await client.query('analyze outbox');
  });
}
