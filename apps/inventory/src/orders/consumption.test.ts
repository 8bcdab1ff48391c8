import type { OrderLine } from '@comanda/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecipeBook } from '../recipes/recipe-book.js';
import type { Component, KnownRecipe } from '../recipes/recipe.js';
import { type ConsumedLines, consume, type OrderMovement } from './consumption.js';
import { chosen, orderLine, orderWith, voided } from './testing/orders.js';

const grams = (stockItemId: string, quantity: number) => ({ stockItemId, quantity, unit: 'g' as const });
const since = (effectiveFrom: string, version: number, ...components: Component[]) => ({
  version,
  effectiveFrom: new Date(effectiveFrom),
  components,
  recordedAt: new Date(effectiveFrom),
});
const recipes: KnownRecipe[] = [
  {
    of: 'variation',
    itemId: 'burger',
    subjectId: 'burger',
    id: 'burger-recipe',
    versions: [
      since('2015-01-01', 1, grams('beef', 150), grams('cheese', 20)),
      since('2026-03-01', 2, grams('beef', 180), grams('cheese', 20)),
    ],
  },
  {
    of: 'modifier',
    itemId: null,
    subjectId: 'extra-cheese',
    id: 'cheese-recipe',
    versions: [since('2015-01-01', 1, grams('cheese', 30))],
  },
  {
    of: 'modifier',
    itemId: null,
    subjectId: 'with-bacon',
    id: 'bacon-recipe',
    versions: [since('2015-01-01', 1, grams('bacon', 10))],
  },
];
const book = new RecipeBook(1, recipes);
const burger = (fields: Partial<OrderLine> = {}): OrderLine =>
  orderLine({ id: 'line', variationId: 'burger', quantity: 1, orderedAt: '2026-03-06T19:30:00.000Z', ...fields });

const sums = (movements: readonly OrderMovement[]): Record<string, number> =>
  movements.reduce<Record<string, number>>(
    (sum, { stockItemId, quantity }) => ({ ...sum, [stockItemId]: (sum[stockItemId] ?? 0) + quantity }),
    {},
  );
const taken = (...lines: OrderLine[]) => sums(consume(orderWith(lines), {}, book).movements);

describe('what is lost in preparing', () => {
  const yielding = (yieldPermille: number, quantity = 160) =>
    new RecipeBook(1, [
      {
        of: 'variation',
        itemId: 'burger',
        subjectId: 'burger',
        id: 'burger-recipe',
        versions: [since('2015-01-01', 1, { ...grams('beef', quantity), yieldPermille })],
      },
    ]);
  const beef = (yieldPermille: number, made: number) =>
    sums(consume(orderWith([burger({ quantity: made })]), {}, yielding(yieldPermille)).movements)['beef'];

  test.each([
    [1_000, 1, -160],
    [800, 1, -200],
    [800, 3, -600],
    [2_500, 1, -64],
    [700, 1, -229],
    [700, 7, -1_600],
  ])('at a yield of %i per thousand, %i of 160 g take %i', (yieldPermille, made, quantity) => {
    expect(beef(yieldPermille, made)).toBe(quantity);
  });

  test('comes to the same in whatever steps a line grows and shrinks', () => {
    const steps = fc.tuple(
      fc.integer({ min: 1, max: 10_000 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
    );
    fc.assert(
      fc.property(steps, ([yieldPermille, quantities]) => {
        const book = yielding(yieldPermille, 37);
        let lines: ConsumedLines = {};
        let level = 0;
        for (const quantity of quantities) {
          const next = consume(orderWith([burger({ quantity })]), lines, book);
          lines = next.lines;
          level += sums(next.movements)['beef'] ?? 0;
        }
        const [last] = quantities.slice(-1);
        expect(level).toBe(
          sums(consume(orderWith([burger({ quantity: last ?? 0 })]), {}, book).movements)['beef'] ?? 0,
        );
      }),
    );
  });
});

describe('an order takes from stock', () => {
  test('nothing for what was left out: a burger with no cheese', () => {
    const preModifier = { code: 'no', name: { en: 'No' }, counts: false };
    expect(taken(burger({ modifiers: [{ ...chosen('extra-cheese'), preModifier }] }))).toEqual(taken(burger({})));
  });

  test.each([
    ['extra', 2_000_000, -20 - 60],
    ['half', 500_000, -20 - 15],
    ['plainly', 1_000_000, -20 - 30],
    ['as an order from before says, without how much', undefined, -20 - 30],
  ])('as much of a choice as was asked for: cheese, %s', (code, rate, cheese) => {
    const preModifier = { code, name: { en: code }, counts: true, rate };
    expect(taken(burger({ modifiers: [{ ...chosen('extra-cheese'), preModifier }] }))['cheese']).toBe(cheese);
  });

  test('what its recipes say, with modifiers: a burger with extra cheese', () => {
    expect(taken(burger({ modifiers: [chosen('extra-cheese')] }))).toEqual({ beef: -180, cheese: -50 });
  });

  test('that for each one sold', () => {
    expect(taken(burger({ quantity: 3, modifiers: [chosen('extra-cheese', 2)] }))).toEqual({
      beef: -540,
      cheese: -240,
    });
  });

  test('what belongs to a modifier of a modifier, for each of that', () => {
    expect(taken(burger({ quantity: 2, modifiers: [chosen('extra-cheese', 2, [chosen('with-bacon', 3)])] }))).toEqual({
      beef: -360,
      cheese: -160,
      bacon: -120,
    });
  });

  test('by the recipe that was in force when it was ordered', () => {
    expect(taken(burger({ orderedAt: '2026-02-28T23:59:59.999Z' }))).toEqual({ beef: -150, cheese: -20 });
  });

  test('nothing for what has no recipe, or had none yet', () => {
    expect(taken(burger({ variationId: 'coffee' }), burger({ id: 'old', orderedAt: '2014-12-31T00:00:00Z' }))).toEqual(
      {},
    );
  });

  test('what was voided after it was sent, but not what was voided before', () => {
    expect(taken(burger({ id: 'a', ...voided(true) }), burger({ id: 'b', ...voided(false) }))).toEqual({
      beef: -180,
      cheese: -20,
    });
  });

  test('what was sent before the order was cancelled, and nothing else', () => {
    const lines = [burger({ id: 'a', status: 'placed' }), burger({ id: 'b', status: 'fired' })];
    const { movements } = consume(orderWith(lines, { status: 'cancelled' }), {}, book);
    expect(movements.map(({ lineId }) => lineId)).toEqual(['b', 'b']);
  });

  test('each movement with line, recipe and version, when the line was ordered', () => {
    expect(consume(orderWith([burger()]), {}, book).movements[0]).toEqual({
      kind: 'sale',
      stockItemId: 'beef',
      quantity: -180,
      unit: 'g',
      lineId: 'line',
      recipeId: 'burger-recipe',
      recipeVersion: 2,
      reason: null,
      cost: null,
      businessDate: '2026-03-06',
      occurredAt: '2026-03-06T19:30:00.000Z',
    });
  });
});

describe('an order that changes', () => {
  const placed = consume(orderWith([burger()]), {}, book);

  test('and has the same lines books nothing', () => {
    expect(consume(orderWith([burger({ status: 'fired' })]), placed.lines, book).movements).toEqual([]);
  });

  test('by another line books that line', () => {
    const { movements } = consume(orderWith([burger(), burger({ id: 'second', quantity: 2 })]), placed.lines, book);
    expect(sums(movements)).toEqual({ beef: -360, cheese: -40 });
  });

  test('by a void before anything was sent gives back what it took, when it took it, and says why', () => {
    const { movements } = consume(orderWith([burger(voided(false))]), placed.lines, book);
    expect(movements).toMatchObject([
      { kind: 'return', stockItemId: 'beef', quantity: 180, reason: 'Guest left', occurredAt: burger().orderedAt },
      { kind: 'return', stockItemId: 'cheese', quantity: 20, reason: 'Guest left', occurredAt: burger().orderedAt },
    ]);
  });

  test('gives back by the recipe it took by, whatever the recipe is by then', () => {
    const backdated = recipes.map((recipe) =>
      recipe.id === 'burger-recipe'
        ? { ...recipe, versions: [...recipe.versions, since('2026-03-02', 3, grams('beef', 999))] }
        : recipe,
    );
    const { movements } = consume(orderWith([burger(voided(false))]), placed.lines, new RecipeBook(2, backdated));
    expect(sums(movements)).toEqual({ beef: 180, cheese: 20 });
  });

  test('by a line that goes to another order gives it back', () => {
    expect(sums(consume(orderWith([]), placed.lines, book).movements)).toEqual({ beef: 180, cheese: 20 });
  });

  test('in any steps, some of them never seen, books in the end what the order then is', () => {
    const state = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        void: fc.constantFrom(undefined, true, false),
      }),
      { maxLength: 4 },
    );
    const facts = (lines: { id: string; void: boolean | undefined }[]) =>
      orderWith(
        [...new Map(lines.map((line) => [line.id, line])).values()].map(({ id, void: sent }) =>
          // What a line is does not change, only what becomes of it.
          burger({
            id,
            quantity: id.charCodeAt(0) - 96,
            modifiers: [chosen('extra-cheese', id.charCodeAt(0))],
            ...(sent !== undefined && voided(sent)),
          }),
        ),
      );
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
        const booked: OrderMovement[] = [];
        let lines: ConsumedLines = {};
        for (const lineStates of states) {
          const step = consume(facts(lineStates), lines, book);
          lines = step.lines;
          booked.push(...step.movements);
        }
        const direct = sums(consume(facts(states.at(-1) ?? []), {}, book).movements);
        const inSteps = Object.fromEntries(Object.entries(sums(booked)).filter(([, quantity]) => quantity !== 0));
        expect(inSteps).toEqual(direct);
      }),
    );
  });
});
