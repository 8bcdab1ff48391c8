import { formatDecimal } from '@comanda/money';
import { readMapping } from '../replay/mapping.js';
import { readRows } from '../replay/read-rows.js';
import { described, type Descriptions } from './items.js';

/** What the demo chain sells: read from the bundled year, so that its history is sold at its own prices. */
export interface DemoMenu {
  /** A spreadsheet for `POST /v1/catalog/import`, by currency. */
  readonly spreadsheets: Readonly<Record<string, string>>;
  /** By the sku that a replay of the year gives it: the pizza and its size. */
  readonly sellables: ReadonlyMap<string, { readonly item: string; readonly variation: string }>;
}

/** The menu of the bundled year: its pizzas from A to Z, each from small to large, at the year's prices. */
export function demoMenu(orders: Uint8Array, items: Descriptions): DemoMenu {
  const { sold } = readRows(
    orders,
    readMapping(undefined),
    { timeZone: 'America/Chicago', currency: 'USD' },
    'orders.csv',
  );
  const pizzas = new Map(sold.map((row) => [`${row.item}:${row.variation}`, row] as const));
  const rows = [...pizzas].sort(
    ([, one], [, other]) =>
      (one.item === other.item ? 0 : one.item < other.item ? -1 : 1) ||
      SIZES.indexOf(one.variation) - SIZES.indexOf(other.variation),
  );
  // The same figures in euro: it is a demo.
  const spreadsheet = (currency: string): string =>
    [
      HEADER,
      ...rows.map(([sku, { item, variation, category, price }]) => [
        sku,
        described(items, item)?.title ?? item,
        category ?? '',
        variation,
        formatDecimal({ amount: price, currency }),
      ]),
    ]
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\n');
  return { spreadsheets: { USD: spreadsheet('USD'), EUR: spreadsheet('EUR') }, sellables: pizzas };
}

const HEADER = ['sku', 'item', 'category', 'variation', 'price'];
const SIZES = ['S', 'M', 'L', 'XL', 'XXL'];
