import { StockLow, StockReplenished } from '@comanda/contracts';
import { inTransaction, newId, type Tx } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';
import { recordMovements } from '../movements/movements.store.js';
import { StockItemRow } from '../stock-items/stock-item.entity.js';
import { levelOf } from './level.js';
import { Levels } from './levels.service.js';
import { history, type Movement } from './testing/history.js';

let it: TestService;
let db: DataSource;
let levels: Levels;

beforeAll(async () => {
  it = await testService(inventory);
  db = it.service.app.get(DataSource);
  levels = it.service.app.get(Levels);
});

const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inTransaction(db, it.id, work);

/** A location nobody else has. */
const place = newId;

async function makeStockItem(fields: Partial<StockItemRow> = {}): Promise<string> {
  const id = newId();
  const [organizationId, now] = [it.id, new Date()];
  await inside((tx) =>
    tx.insert(StockItemRow, {
      id,
      organizationId,
      name: 'Mozzarella',
      unit: 'g',
      lowAt: null,
      recoveredAt: null,
      floor: null,
      pieceWeightMg: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
      ...fields,
    }),
  );
  return id;
}

const record = (tx: Tx, locationId: string, stockItemId: string, { occurredAt, ...movement }: Movement) =>
  recordMovements(tx, it.id, [
    {
      ...movement,
      id: newId(),
      locationId,
      stockItemId,
      lineId: null,
      recipeId: null,
      recipeVersion: null,
      reason: null,
      cost: { micros: movement.quantity * EACH, currency: 'USD' },
      businessDate: '2026-03-06',
      occurredAt: occurredAt.toISOString(),
    },
  ]);

async function stored(locationId: string): Promise<Record<string, number>> {
  const { rows } = await it.sql.query('select stock_item_id, quantity::int from levels where location_id = $1', [
    locationId,
  ]);
  return Object.fromEntries(rows.map(({ stock_item_id: id, quantity }) => [id, quantity]));
}

/** What one of everything costs here. */
const EACH = 7;

async function worth(locationId: string): Promise<number> {
  const { rows } = await it.sql.query(
    'select coalesce(sum(value), 0)::int as value, coalesce(sum(valued), 0)::int as valued from levels where location_id = $1',
    [locationId],
  );
  expect(rows[0].value).toBe(rows[0].valued * EACH);
  return rows[0].value;
}

describe('the level in the database', () => {
  test('is what the movements come to, and is worth what they cost, in whatever order and however many at a time they are settled', async () => {
    const stockItemId = await makeStockItem();
    const arrivals = history.chain((movements) =>
      fc.record({
        movements: fc.shuffledSubarray(movements, { minLength: movements.length, maxLength: movements.length }),
        settled: fc.infiniteStream(fc.boolean()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ movements, settled }) => {
        const at = place();
        await inside(async (tx) => {
          for (const movement of movements) {
            await record(tx, at, stockItemId, movement);
            if (settled.next().value) await levels.settle(tx, it.id, [at]);
          }
          await levels.settle(tx, it.id, [at]);
        });
        expect((await stored(at))[stockItemId] ?? 0).toBe(levelOf(movements));
        expect(await worth(at)).toBe(levelOf(movements) * EACH);
      }),
      { numRuns: 100 },
    );
  });

  test('is that while everybody records and settles at once', async () => {
    const at = place();
    const stockItems = await Promise.all([makeStockItem(), makeStockItem(), makeStockItem()]);
    const [histories] = fc.sample(
      fc.array(fc.tuple(fc.constantFrom(...stockItems), history), { minLength: 16, maxLength: 16 }),
      1,
    );
    await Promise.all(
      (histories ?? []).map(([stockItemId, movements]) =>
        inside(async (tx) => {
          for (const movement of movements) await record(tx, at, stockItemId, movement);
          await levels.settle(tx, it.id, [at]);
        }),
      ),
    );
    const all = Map.groupBy(histories ?? [], ([stockItemId]) => stockItemId);
    const expected = [...all].map(([id, of]) => [id, levelOf(of.flatMap(([, movements]) => movements))]);
    expect(await stored(at)).toMatchObject(Object.fromEntries(expected));
  });

  test('is settled after the transaction that recorded died with it: nothing, and nothing is left to do', async () => {
    const at = place();
    const stockItemId = await makeStockItem();
    const moved: Movement = { kind: 'sale', quantity: -180, occurredAt: new Date(), causeId: newId() };
    await expect(
      inside(async (tx) => {
        await record(tx, at, stockItemId, moved);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    await inside((tx) => levels.settle(tx, it.id, [at]));
    expect(await stored(at)).toEqual({});
    expect((await it.sql.query('select 1 from unsettled where location_id = $1', [at])).rows).toEqual([]);
  });
});

test('settling reads what is new, not the history: the tenth year costs what the first did', async () => {
  const at = place();
  const stockItemId = await makeStockItem();
  const hour = (n: number): Date => new Date(Date.UTC(2026, 2, 6, n));
  await it.sql.query(
    `insert into movements (id, organization_id, location_id, stock_item_id, cause_id, kind, quantity, business_date, occurred_at)
     select gen_random_uuid(), $1, $2, $3, gen_random_uuid(), 'sale', -1, '2026-03-06', $4::timestamptz + i * interval '1 ms'
     from generate_series(1, 5000) i`,
    [it.id, at, stockItemId, hour(1)],
  );
  await it.sql.query('analyze movements, levels, unsettled');
  type Move = [kind: Movement['kind'], quantity: number, occurredAt: Date];
  /** How many movements are read to settle these. */
  const readBy = (...moves: Move[]) =>
    inside(async (tx) => {
      for (const [kind, quantity, occurredAt] of moves)
        await record(tx, at, stockItemId, { kind, quantity, occurredAt, causeId: newId() });
      const before = await movementsRead(tx);
      await levels.settle(tx, it.id, [at]);
      return (await movementsRead(tx)) - before;
    });
  await readBy(['count', 9_000, hour(0)]);
  expect(await stored(at)).toEqual({ [stockItemId]: 4_000 });
  expect(await readBy(['sale', -20, hour(10)])).toBe(0);
  expect(await readBy(['count', 500, hour(-1)])).toBeLessThan(100);
  expect(await readBy(['count', 700, hour(8)], ['sale', -180, hour(9)])).toBeLessThan(100);
  expect(await stored(at)).toEqual({ [stockItemId]: 500 });
});

test('two who settle at once tell of a crossing once', async () => {
  const at = place();
  const stockItemId = await makeStockItem({ lowAt: 500, recoveredAt: 1_000 });
  const sell = (tx: Tx) =>
    record(tx, at, stockItemId, { kind: 'sale', quantity: -10, occurredAt: new Date(), causeId: newId() });
  await inside(async (tx) => {
    await record(tx, at, stockItemId, { kind: 'receipt', quantity: 600, occurredAt: new Date(0), causeId: newId() });
    await levels.settle(tx, it.id, [at]);
  });
  await Promise.all(
    Array.from({ length: 20 }, () =>
      inside(async (tx) => {
        await sell(tx);
        await levels.settle(tx, it.id, [at]);
      }),
    ),
  );
  const told = (await it.published(StockLow)).filter(({ data }) => data.stockItemId === stockItemId);
  expect(told).toMatchObject([{ version: 1, data: { quantity: 500, locationId: at } }]);
});

test('what two stock items kept from being sold is released when both come back at the same moment', async () => {
  const at = place();
  const [mozzarella, salami] = [await makeStockItem(), await makeStockItem()];
  const diavola = { itemId: newId(), variationId: newId() };
  const components = [mozzarella, salami].map((stockItemId) => ({ stockItemId, quantity: { amount: 50, unit: 'g' } }));
  await it
    .call('put', '/v1/inventory/recipes')
    .send({ recipes: [{ of: 'variation', ...diavola, components }] })
    .expect(200);
  const move = async (tx: Tx, stockItemId: string, quantity: number): Promise<void> => {
    const kind = quantity < 0 ? 'waste' : 'receipt';
    await record(tx, at, stockItemId, { kind, quantity, occurredAt: new Date(), causeId: newId() });
    await levels.settle(tx, it.id, [at]);
  };
  for (const stockItemId of [mozzarella, salami]) await inside((tx) => move(tx, stockItemId, -10));

  let second: Promise<void> | undefined;
  await inside(async (first) => {
    await move(first, mozzarella, 500);
    second = inside((tx) => move(tx, salami, 500));
    let done = false;
    void second.then(() => (done = true));
    await eventually(async () => done || (await waits()), { within: 5_000 });
  });
  await second;
  const back = (await it.published(StockReplenished)).filter(({ data }) => data.locationId === at);
  expect(back.flatMap(({ data }) => data.affected)).toEqual([diavola]);
});

/** Whether some transaction in this database waits for a lock. */
async function waits(): Promise<boolean> {
  const { rows } = await it.sql.query(
    `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows.length > 0;
}

/** How many movements this connection has read of late, as PostgreSQL counts them. */
async function movementsRead(tx: Tx): Promise<number> {
  const [read] = await tx.sql<{ rows: number }[]>`
    select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = 'movements'`;
  return read?.rows ?? 0;
}
