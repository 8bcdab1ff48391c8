import { readFile } from 'node:fs/promises';

/** What the bundled year says it sold, added up from its own rows, in cents. */
export interface Sold {
  readonly total: number;
  readonly byMonth: Readonly<Record<string, number>>;
  readonly byDay: Readonly<Record<string, number>>;
  readonly byHourOfDay: Readonly<Record<string, number>>;
  readonly byItem: Readonly<Record<string, number>>;
}

/**
 * Adds a part of the year up from the bundled files, with nothing of the platform: one row is one pizza.
 * @param period how its days begin: `2015-01` is January
 */
export async function soldIn(period: string): Promise<Sold> {
  const [orders, items] = await Promise.all(['orders', 'items'].map(rowsOf));
  const titles = new Map(items?.map(([name = '', title = '']) => [name, title]));
  const pizzas = (orders ?? [])
    .filter(([, date]) => date?.startsWith(`${period}-`))
    .map(([, date = '', time = '', name = '', , , price = '']) => ({
      day: date,
      hour: time.slice(0, 2),
      item: titles.get(name) ?? name,
      cents: centsOf(price),
    }));
  const by = (key: (pizza: (typeof pizzas)[number]) => string): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const pizza of pizzas) sums[key(pizza)] = (sums[key(pizza)] ?? 0) + pizza.cents;
    return sums;
  };
  return {
    total: by(() => 'all')['all'] ?? 0,
    byMonth: by(({ day }) => day.slice(0, 7)),
    byDay: by(({ day }) => day),
    byHourOfDay: by(({ hour }) => hour),
    byItem: by(({ item }) => item),
  };
}

const rowsOf = async (name: string): Promise<string[][]> => {
  const file = await readFile(new URL(`../../../data/pizza-place/${name}.csv`, import.meta.url), 'utf8');
  return file
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(BETWEEN_CELLS).map((cell) => cell.replace(/^"(.*)"$/, '$1')));
};

// One title has a comma of its own, and stands in quotes.
const BETWEEN_CELLS = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;

const centsOf = (price: string): number => {
  const [whole = '0', part = ''] = price.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
};
