import { StockDepleted, StockLow, StockReplenished } from '@comanda/contracts';
import { describe, expect, test } from 'vitest';
import type { SettledLevel, Variation } from './levels.store.js';
import { crossedLevels, tell } from './tell.js';

const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-${String(n).padStart(12, '0')}`;
const [MOZZARELLA, SALAMI] = [id(1), id(2)];
const margherita: Variation = { itemId: id(10), variationId: id(11) };
const diavola: Variation = { itemId: id(20), variationId: id(21) };
/** Mozzarella goes into both, salami into the Diavola. */
const madeWith = (stockItemId: string): Variation[] => (stockItemId === MOZZARELLA ? [margherita, diavola] : [diavola]);

const level = (stockItemId: string, quantity: number, fields: Partial<SettledLevel> = {}): SettledLevel => ({
  id: stockItemId.replace('0199', '0200'),
  locationId: id(90),
  stockItemId,
  name: 'An ingredient',
  unit: 'g',
  quantity,
  lowAt: null,
  recoveredAt: null,
  low: false,
  depleted: false,
  blocks: [],
  version: 0,
  ...fields,
});
const out = (stockItemId: string, quantity: number, version = 1): SettledLevel =>
  level(stockItemId, quantity, { depleted: true, blocks: madeWith(stockItemId), version });

const told = (levels: SettledLevel[], alsoOut: SettledLevel[] = []) => {
  const { events, levels: saved } = tell(
    crossedLevels(levels),
    [...levels.filter((l) => l.depleted), ...alsoOut],
    madeWith,
  );
  return {
    saved,
    events: events.map(({ type, version, data }) => ({
      type,
      version,
      ...(JSON.parse(data) as { affected?: Variation[] }),
    })),
  };
};

describe('of levels that moved', () => {
  test('nothing is told while none crosses a threshold', () => {
    expect(told([level(MOZZARELLA, 5_000), out(SALAMI, -3)])).toEqual({ saved: [], events: [] });
  });

  test('one that ran out keeps from being sold whatever is made with it', () => {
    const { events, saved } = told([level(MOZZARELLA, 0)]);
    expect(events).toMatchObject([{ type: StockDepleted.type, version: 1, affected: [margherita, diavola] }]);
    expect(saved).toMatchObject([{ depleted: true, version: 1, blocks: [margherita, diavola] }]);
  });

  test('one that falls to nothing at once is told to be low, then to be out, in versions without a gap', () => {
    const { events } = told([level(MOZZARELLA, -20, { lowAt: 500, version: 7 })]);
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      [StockLow.type, 8],
      [StockDepleted.type, 9],
    ]);
  });

  test('one that came back releases what it had kept', () => {
    const { events, saved } = told([out(MOZZARELLA, 5_000)]);
    expect(events).toMatchObject([{ type: StockReplenished.type, version: 2, affected: [margherita, diavola] }]);
    expect(saved).toMatchObject([{ depleted: false, version: 2, blocks: [] }]);
  });

  test('one that came back does not release what another, still out, keeps too', () => {
    const { events } = told([out(MOZZARELLA, 5_000)], [out(SALAMI, 0)]);
    expect(events).toMatchObject([{ affected: [margherita] }]);
  });

  test('two that came back together release what both had kept', () => {
    const { events } = told([out(MOZZARELLA, 5_000), out(SALAMI, 800)]);
    expect(events).toMatchObject([{ affected: [margherita, diavola] }, { affected: [diavola] }]);
  });

  test('one that came back while another ran out releases only what is not made with that', () => {
    const { events } = told([out(MOZZARELLA, 5_000), level(SALAMI, 0)]);
    expect(events).toMatchObject([
      { type: StockReplenished.type, affected: [margherita] },
      { type: StockDepleted.type, affected: [diavola] },
    ]);
  });

  test('one that is out and becomes low keeps what it keeps', () => {
    const { levels } = tell(crossedLevels([{ ...out(MOZZARELLA, 0), lowAt: 500 }]));
    expect(levels).toMatchObject([{ low: true, depleted: true, version: 2, blocks: [margherita, diavola] }]);
  });

  test('one that came back releases what it had kept, whatever the recipes are by then', () => {
    const { events } = tell(crossedLevels([out(SALAMI, 800)]), [out(SALAMI, 800)], () => []);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ affected: [diavola] });
  });
});
