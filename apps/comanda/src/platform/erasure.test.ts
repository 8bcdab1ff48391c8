import type { Comanda, Order } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { connect, databaseUrls } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, expect, test } from 'vitest';
import { services } from './services.js';
import { type DemoPlatform, demoPlatform } from './testing/demo-platform.js';

const SECRETS = {
  name: 'Slartibartfast Magrathea',
  phone: '+44 20 7946 0958',
  email: 'fjords@magrathea.example',
  birthday: '1942-03-08',
  language: 'nn-NO',
  consents: ['fjord_news'],
  consentSource: 'coastline_desk',
};
const NEEDLES = [
  'Slartibartfast',
  '7946 0958',
  '442079460958',
  'fjords@',
  '1942-03-08',
  'nn-NO',
  'fjord_news',
  'coastline',
  'glaciers',
];

let platform: DemoPlatform;

beforeAll(async () => {
  platform = await demoPlatform();
}, 180_000);

test('erasing a customer leaves no plaintext in any database or topic, and nothing that opens what was sealed; points stay under a pseudonym', async () => {
  const { demo, environment } = platform;
  const api = new PooledComanda(demo);
  const { data: customer } = await api.POST('/v1/loyalty/customers', { body: SECRETS });
  const path = { customerId: customer.id };
  const order = await orderFor(api, customer.id, demo.locations[0]?.id ?? '');
  await eventually(
    async () => {
      const { data: orders } = await api.GET('/v1/loyalty/customers/{customerId}/orders', { path });
      return orders.data.length === 1;
    },
    { within: 10_000 },
  );

  const said = { orderId: order.id, score: 2, text: 'The glaciers were lukewarm' };
  await api.POST('/v1/loyalty/feedback', { body: said });

  // While they are known, what says who they are is nowhere in the clear either.
  const before = await everything(environment);
  for (const needle of NEEDLES) expect(before.includes(needle), needle).toBe(false);
  expect(before).toContain(customer.id);
  const wrapped = await keyOf(environment, customer.id);
  expect(wrapped).toHaveLength(60);

  await api.POST('/v1/loyalty/customers/{customerId}/erase', { path });
  await api.close();
  const after = await everything(environment);
  for (const needle of NEEDLES) expect(after.includes(needle), needle).toBe(false);
  // The key is gone from wherever it was: a backup without it opens nothing.
  expect(await keyOf(environment, customer.id)).toBeNull();
  expect(after.includes(wrapped?.toString('latin1') ?? '')).toBe(false);
  expect(after).toContain(order.id);
});

async function orderFor(api: Comanda, customerId: string, locationId: string): Promise<Order> {
  const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
  const variationId = menu.items[0]?.variations[0]?.id ?? '';
  const body = { locationId, customerId, lines: [{ variationId }] };
  return (await api.POST('/v1/orders', { body })).data;
}

/** Every row of every table of every service and of the log, as text, and what stands in it as bytes. */
async function everything(environment: NodeJS.ProcessEnv): Promise<string> {
  const texts: string[] = [];
  for (const name of [...services.map((service) => service.name), 'log'])
    await reading(environment[`${name.toUpperCase()}_DATABASE_URL`] ?? '', async (database) => {
      const tables = await database.query<{ name: string }[]>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      expect(tables.length).toBeGreaterThan(0);
      for (const table of tables)
        for (const { row } of await database.query<{ row: string }[]>(`select t::text as row from ${table.name} t`)) {
          const bytes = [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex ?? '', 'hex'));
          texts.push(row, ...bytes.map((part) => part.toString('latin1')));
        }
    });
  return texts.join('\n');
}

async function keyOf(environment: NodeJS.ProcessEnv, customerId: string): Promise<Buffer | null> {
  let key: Buffer | null | undefined;
  await reading(databaseUrls('loyalty', environment).auditor, async (database) => {
    const [row] = await database.query<{ key: Buffer | null }[]>(
      'select wrapped_key as key from customers where id = $1',
      [customerId],
    );
    key = row?.key;
  });
  if (key === undefined) throw new Error('The customer is not there.');
  return key;
}

async function reading(url: string, read: (database: DataSource) => Promise<void>): Promise<void> {
  const database = await connect(url, { name: 'search', pool: 1 }).initialize();
  await read(database).finally(() => database.destroy());
}
