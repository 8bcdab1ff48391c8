import { setImmediate } from 'node:timers/promises';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { eventually } from '@comanda/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { inventory } from '../inventory.service.js';
import { LevelKeeper } from './level-keeper.js';
import { Levels } from './levels.service.js';

let it: TestService;
let keeper: LevelKeeper;
let settled: MockInstance<Levels['settle']>;

beforeAll(async () => {
  it = await testService(inventory);
  keeper = it.service.app.get(LevelKeeper);
});

beforeEach(() => void (settled = vi.spyOn(it.service.app.get(Levels), 'settle')));
afterEach(() => settled.mockRestore());

/** Leaves word of movements, as orders do whose process is then killed. */
const move = (stockItemId: string, moves: readonly [locationId: string, quantity: string][]) =>
  it.sql.query(
    `insert into unsettled (organization_id, location_id, counted, stock_item_ids, quantities, occurred_ats)
     select $1, location_id, false, array[$2::uuid], array[quantity], array[now()]
     from unnest($3::uuid[], $4::bigint[]) as moved (location_id, quantity)`,
    [it.id, stockItemId, moves.map(([locationId]) => locationId), moves.map(([, quantity]) => quantity)],
  );

const stockItem = async (): Promise<string> =>
  (await it.call('post', '/v1/inventory/stock-items').send({ name: 'Basil', unit: 'g' }).expect(201)).body.id;

async function levelsAt(...locationIds: string[]): Promise<number[]> {
  const { rows } = await it.sql.query<{ quantity: number }>(
    'select quantity::int from levels where location_id = any($1)',
    [locationIds],
  );
  return rows.map(({ quantity }) => quantity);
}

describe('levels', () => {
  test('follow the first order of a quiet moment at once', async () => {
    const waits: number[] = [];
    for (let order = 0; order < 5; order++) {
      const quiet = performance.now() + 100;
      await eventually(() => performance.now() > quiet, { within: 5_000 });
      settled.mockClear();
      const woken = performance.now();
      keeper.wake(it.id, [it.location.id]);
      while (settled.mock.calls.length === 0) await setImmediate();
      waits.push(performance.now() - woken);
    }
    expect(Math.min(...waits)).toBeLessThan(20);
  });

  test('follow orders that come one upon the other together, a hundred and twenty-five times a second at most', async () => {
    const started = performance.now();
    while (settled.mock.calls.length < 5) {
      keeper.wake(it.id, [it.location.id]);
      await setImmediate();
    }
    expect(performance.now() - started).toBeGreaterThan(4 * 7);
  });

  test('of all locations that moved meanwhile are settled together', async () => {
    const [basil, places] = [await stockItem(), Array.from({ length: 5 }, newId)];
    await move(
      basil,
      places.map((place) => [place, '-5']),
    );
    await eventually(async () => expect(await levelsAt(...places)).toEqual([-5, -5, -5, -5, -5]), { within: 5_000 });
    expect(settled.mock.calls.filter(([, , together]) => together.includes(places[0] ?? ''))).toHaveLength(1);
  });

  test('of a location that cannot be settled keep no other from it', async () => {
    const [basil, broken, sound] = [await stockItem(), newId(), newId()];
    const uncountable = '9007199254740993';
    await move(basil, [
      [broken, uncountable],
      [sound, '-5'],
    ]);
    await eventually(async () => expect(await levelsAt(sound, broken)).toEqual([-5]), { within: 5_000 });
    await it.sql.query('delete from unsettled where location_id = $1', [broken]);
  });
});
