import type { Category, Item } from '@comanda/contracts';
import { formatDecimal } from '@comanda/money';
import { csvOf, Refusal, toCell } from '@comanda/platform';
import { byPosition, type Drafted } from '../menus/draft.js';
import { textIn } from '../menus/texts.js';
import type { SheetFormat } from './read-sheet.js';

/**
 * Writes what is drafted as a spreadsheet: a line for each price of each variation, in the order of the menu. Read back in
 * the same format it changes nothing. What has no price has no line.
 * @param language of the names; another where a text does not exist in it
 * @throws Refusal `text_not_encodable`
 */
export function writeSheet(
  drafts: { readonly categories: readonly Drafted<Category>[]; readonly items: readonly Drafted<Item>[] },
  { delimiter, decimal, encoding }: Pick<SheetFormat, 'delimiter' | 'decimal' | 'encoding'>,
  language: string,
): Buffer {
  const categories = drafts.categories.toSorted(byPosition);
  const headings = new Map(categories.map((category, at) => [category.id, { at, name: category.name }]));
  const place = ({ categoryId }: Drafted<Item>): number => headings.get(categoryId ?? '')?.at ?? headings.size;
  const items = drafts.items.toSorted((one, other) => place(one) - place(other) || byPosition(one, other));
  const lines = items.flatMap(({ name: item, categoryId, variations }) => {
    const heading = headings.get(categoryId ?? '')?.name;
    return variations.flatMap(({ id, sku, name, prices }) =>
      Object.entries(prices)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([currency, amount]) => [
          id,
          toCell(sku ?? ''),
          toCell(textIn(item, [language])),
          heading === undefined ? '' : toCell(textIn(heading, [language])),
          toCell(textIn(name, [language])),
          currency,
          formatDecimal({ amount, currency }).replace('.', decimal),
        ]),
    );
  });
  return encoded(csvOf([HEADINGS, ...lines], delimiter), encoding);
}

const HEADINGS = ['id', 'sku', 'item', 'category', 'variation', 'currency', 'price'];

/** @throws Refusal `text_not_encodable` for the first sign that the encoding does not have */
function encoded(text: string, encoding: SheetFormat['encoding']): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const bytes = [...text].map((sign) => {
    const byte = BYTES.get(sign);
    if (byte !== undefined) return byte;
    const line = text.slice(0, text.indexOf(sign)).split('\r\n').length;
    throw new Refusal('text_not_encodable', `Line ${line} would hold ${sign}, which ${encoding} cannot say.`);
  });
  return Buffer.from(bytes);
}

/** What each sign of Windows-1252 is as a byte. */
const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte]),
);
