import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';

/** An event that was written before others and commits after them is published all the same. */
export const lateCommit: Scenario = {
  id: 'F14',
  title: 'a transaction writes an event, and commits after hundreds of newer ones went out',
  async play({ world, traffic }) {
    const late = new Client({ connectionString: world.databaseOf('orders') });
    await late.connect();
    try {
      const id = randomUUID();
      await late.query('begin');
      await late.query(
        `insert into outbox (event_id, organization_id, topic, type, subject, aggregate_version, occurred_at, data)
         values ($1, $2, 'comanda.orders.v1', 'comanda.order.thought_over.v1', $3, 1, now(), '{}')`,
        [id, world.demo.organizationId, randomUUID()],
      );
      const { operations } = traffic.journal;
      await soon('guests are served meanwhile', 60_000, () => traffic.journal.operations > operations + 100);
      await pause(1_000);
      await late.query('commit');
      const took = await soon('the late event is published', 10_000, async () => {
        const { rows } = await late.query('select 1 from outbox where event_id = $1 and published_at is not null', [
          id,
        ]);
        return rows.length === 1;
      });
      return {
        faults: 1,
        figures: {
          'operations before it': traffic.journal.operations - operations,
          'published within, ms': Math.round(took),
        },
      };
    } finally {
      await late.end();
    }
  },
};
