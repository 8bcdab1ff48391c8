import {
  backlogOf,
  caughtUp,
  examineAll,
  type Finding,
  type Invariant,
  INVARIANTS,
  isEmpty,
  type Sources,
  type TableInvariant,
  TEST_CARD_NUMBERS,
} from '@comanda/invariants';
import { beforeAll, describe, expect, test } from 'vitest';
import { waitsIn } from '../cli/lag.js';
import { damaged } from './testing/damage.js';
import { CARDS_EVERYWHERE, DAMAGES } from './testing/damages.js';
import { NO_DAMAGE, UNDER_WAY } from './testing/no-damage.js';
import { services } from './services.js';
import { type Evening, evening } from './testing/evening.js';

let it: Evening;

beforeAll(async () => {
  it = await evening();
}, 180_000);

const examine = async (invariant: Invariant, sources: Sources): Promise<Finding> => {
  for await (const finding of examineAll([invariant], sources)) return finding;
  throw new Error('Nothing was examined.');
};

const invariantOf = (id: string) => {
  const found = INVARIANTS.find((invariant) => invariant.id === id);
  if (!found) throw new Error(`There is no invariant ${id}.`);
  return found;
};

test.each(INVARIANTS)('$id holds after an evening: $promise', async (invariant) => {
  expect(await examine(invariant, it.sources)).toMatchObject({ holds: true, violations: [] });
});

test('every invariant is broken here in some way', () => {
  expect(Object.keys(DAMAGES)).toEqual(INVARIANTS.map(({ id }) => id));
});

describe.each(Object.entries(DAMAGES))('%s finds', (id, cases) => {
  test.each(cases)('$what', async ({ says, ...damage }) => {
    const { sources, rows } = await damaged(it, damage);
    const finding = await examine(invariantOf(id), sources);
    expect(finding.holds).toBe(false);
    expect(finding.violations.toSorted()).toEqual(says(rows[0] ?? {}).toSorted());
  });
});

test.each(services)('I12 finds a card number in any table of $name', async ({ name }) => {
  const { sources, rows } = await damaged(it, { to: name, sql: CARDS_EVERYWHERE });
  expect(rows.length).toBeGreaterThan(3);
  expect((await examine(invariantOf('I12'), sources)).violations.toSorted()).toEqual(
    rows.map(({ table, rows: all }) => `${name}.${table} holds a card number or an API key, in 1 of ${all} rows.`),
  );
});

test('I12 finds every test number that is published, and every way to group its digits', async () => {
  const written = TEST_CARD_NUMBERS.flatMap((number) => [number, grouped(number, ' '), grouped(number, '-')]);
  const plant = written.map(
    (number, n) =>
      `update catalog_parts set sku = '${number}' where ctid = (select ctid from catalog_parts order by id offset ${n} limit 1)`,
  );
  const { sources } = await damaged(it, { to: 'catalog', sql: plant });
  expect((await examine(invariantOf('I12'), sources)).violations).toEqual([
    expect.stringMatching(`^catalog.catalog_parts holds a card number or an API key, in ${written.length} of`),
  ]);
});

const grouped = (number: string, by: string): string => number.match(/.{1,4}/g)?.join(by) ?? '';

describe('nothing is wrong with', () => {
  test.each(NO_DAMAGE)('$what ($id)', async ({ id, ...damage }) => {
    const { sources } = await damaged(it, damage);
    expect((await examine(invariantOf(id), sources)).violations).toEqual([]);
  });
});

describe('an audit', () => {
  const never: TableInvariant = {
    id: 'I99',
    promise: 'Nobody asks for the bill twice.',
    examine: () => Promise.resolve(seen),
  };
  let seen: Awaited<ReturnType<TableInvariant['examine']>>;

  test('that found nothing to examine has proven nothing', async () => {
    seen = { examined: 0, violations: [] };
    expect(await examine(never, it.sources)).toMatchObject({
      holds: false,
      violations: ['Nothing was there to examine.'],
    });
  });

  test('shows a hundred of what it found', async () => {
    seen = { examined: 250, violations: Array.from({ length: 250 }, (_, n) => `Table ${n} asked twice.`) };
    const { holds, examined, violations } = await examine(never, it.sources);
    expect([holds, examined, violations.length, violations[99]]).toEqual([false, 250, 100, 'Table 99 asked twice.']);
  });
});

describe('before an audit', () => {
  test('nothing is waited for when everybody has followed', async () => {
    expect(isEmpty(await caughtUp(it.sources, 0))).toBe(true);
  });

  test.each(UNDER_WAY)('what is waited for is $what', async ({ expected, ...damage }) => {
    const { sources } = await damaged(it, damage);
    const backlog = await caughtUp(sources, 0);
    expect(isEmpty(backlog)).toBe(false);
    const nothing = await backlogOf(it.sources);
    expect(backlog).toEqual({
      outbox: { ...nothing.outbox, ...expected.outbox },
      lag: { ...nothing.lag, ...expected.lag },
      unsettled: { ...nothing.unsettled, ...expected.unsettled },
    });
  });
});

describe('comanda lag', () => {
  test.each(UNDER_WAY)('counts $what, and says for how long the oldest has waited', async ({ expected, ...damage }) => {
    const { sources } = await damaged(it, damage);
    const waits = (await waitsIn(sources)).filter(({ events }) => events > 0);
    const [outbox] = Object.entries(expected.outbox ?? {});
    const [lag] = Object.entries(expected.lag ?? {});
    const [unsettled] = Object.entries(expected.unsettled ?? {});
    const [stage, [service, events] = []] = outbox
      ? ['outbox', outbox]
      : lag
        ? ['consumer', lag]
        : ['background', unsettled];
    expect(waits).toMatchObject([{ stage, service, events }]);
    for (const { seconds } of waits)
      if (stage === 'background') expect(seconds).toBeNull();
      else expect(seconds).toBeGreaterThan(0);
  });
});
