import { newId, inTransaction, type Tx } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { StockLow } from '@comanda/contracts';
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

/** Movements of one stock item at a location nobody else has, or that only the other movements of a test share. */
const place = () => ({ organizationId: it.id, locationId: newId() });

async function makeStockItem(fields: Partial<StockItemRow> = {}): Promise<string> {
  const id = newId();
  const [organizationId, now] = [it.id, new Date()];
  const thresholds = { lowAt: null, recoveredAt: null, floor: null };
  await inside((tx) =>
    tx.insert(StockItemRow, {
      ...{
        id,
        organizationId,
        name: 'Mozzarella',
        unit: 'g',
        ...thresholds,
        version: 1,
        createdAt: now,
        updatedAt: now,
      },
      ...fields,
    }),
  );
  return id;
}

const record = (
  tx: Tx,
  at: ReturnType<typeof place>,
  stockItemId: string,
  { occurredAt, causeId, ...movement }: Movement,
) =>
  recordMovements(tx, { ...at, causeId }, [
    {
      ...{ id: newId(), stockItemId, lineId: null, recipeId: null, recipeVersion: null, reason: null },
      ...{ ...movement, businessDate: '2026-03-06', occurredAt: occurredAt.toISOString() },
    },
  ]);

async function stored(locationId: string): Promise<Record<string, number>> {
  const { rows } = await it.sql.query('select stock_item_id, quantity::int from levels where location_id = $1', [
    locationId,
  ]);
  return Object.fromEntries(rows.map(({ stock_item_id: id, quantity }) => [id, quantity]));
}

describe('the level in the database', () => {
  test('is what the movements come to, in whatever order and however many at a time they are settled', async () => {
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
            if (settled.next().value) await levels.settle(tx, at);
          }
          await levels.settle(tx, at);
        });
        expect((await stored(at.locationId))[stockItemId] ?? 0).toBe(levelOf(movements));
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
          await levels.settle(tx, at);
        }),
      ),
    );
    const all = Map.groupBy(histories ?? [], ([stockItemId]) => stockItemId);
    const expected = [...all].map(([id, of]) => [id, levelOf(of.flatMap(([, movements]) => movements))]);
    expect(await stored(at.locationId)).toMatchObject(Object.fromEntries(expected));
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
    await inside((tx) => levels.settle(tx, at));
    expect(await stored(at.locationId)).toEqual({});
    expect((await it.sql.query('select 1 from unsettled where location_id = $1', [at.locationId])).rows).toEqual([]);
  });
});

test('two who settle at once tell of a crossing once', async () => {
  const at = place();
  const stockItemId = await makeStockItem({ lowAt: 500, recoveredAt: 1_000 });
  const sell = (tx: Tx) =>
    record(tx, at, stockItemId, { kind: 'sale', quantity: -10, occurredAt: new Date(), causeId: newId() });
  await inside(async (tx) => {
    await record(tx, at, stockItemId, { kind: 'receipt', quantity: 600, occurredAt: new Date(0), causeId: newId() });
    await levels.settle(tx, at);
  });
  await Promise.all(
    Array.from({ length: 20 }, () =>
      inside(async (tx) => {
        await sell(tx);
        await levels.settle(tx, at);
      }),
    ),
  );
  const told = (await it.published(StockLow)).filter(({ data }) => data.stockItemId === stockItemId);
  expect(told).toMatchObject([{ version: 1, data: { quantity: 500, locationId: at.locationId } }]);
});
