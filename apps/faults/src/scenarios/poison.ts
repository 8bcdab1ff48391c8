import { randomUUID } from 'node:crypto';
import { KafkaLog } from '@comanda/events';
import { pino } from 'pino';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';

/** What nobody can read is put aside with its reason, and everything behind it goes on. */
export const poison: Scenario = {
  id: 'F23',
  title: 'events that nobody can read are put on every partition of the topic of orders',
  async play({ world, traffic }) {
    const log = new KafkaLog({
      brokers: [world.kafka.brokers],
      clientId: 'poisoner',
      logger: pino({ level: 'silent' }),
    });
    try {
      const letters = Array.from({ length: 24 }, (_, n) => letter(world.demo.organizationId, n));
      await log.append(letters);
      const ids = new Set<string>(letters.map(({ headers }) => headers.ce_id));
      const took = await soon('every consumer has parked every one of them', 30_000, async () => {
        const parked = new Map<string, Set<string>>();
        for await (const { headers } of log.read(`${TOPIC}.dlq`)) {
          const [id = '', group = ''] = [headers['ce_id'], headers['dlq_group']];
          if (ids.has(id)) parked.set(group, (parked.get(group) ?? new Set()).add(id));
        }
        const behind = CONSUMERS.filter((service) => parked.get(`comanda.${service}`)?.size !== ids.size);
        if (behind.length > 0) throw new Error(`${behind.join(', ')} of ${[...parked.keys()].join(', ')}`);
        return true;
      });
      const { operations } = traffic.journal;
      await soon('guests are served', 30_000, () => traffic.journal.operations > operations + 10);
      expectThat(took < 30_000, 'It took more than thirty seconds.');
      return { faults: letters.length, figures: { 'parked within, s': Math.round(took / 1_000) } };
    } finally {
      await log.close();
    }
  },
};

const TOPIC = 'comanda.orders.v1';
/** Who handles that an order was placed. */
const CONSUMERS = ['payments', 'inventory', 'loyalty', 'reporting'] as const;

/** Broken JSON, or JSON of another shape. */
const letter = (organizationId: string, n: number) => {
  const [id, subject] = [randomUUID(), randomUUID()];
  const now = new Date().toISOString();
  return {
    topic: TOPIC,
    key: subject,
    value: Buffer.from(n % 2 === 0 ? '{"orderId": "half an ev' : '{"margherita": 12}'),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: 'comanda.order.placed.v1',
      ce_source: '/comanda/orders',
      ce_subject: subject,
      ce_time: now,
      ce_recordedat: now,
      ce_organizationid: organizationId,
      ce_aggregateversion: '1',
      'content-type': 'application/json',
    },
  };
};
