import { CommandFailure } from '../cli/failure.js';
import { columnAt, listed } from '../replay/columns.js';
import { isDamaged, markedEncoding, noText } from '../replay/decoding.js';
import { fold } from '../replay/finder.js';
import type { BadRow } from '../replay/sold-item.js';
import { rowsOf, type TableRow } from '../replay/table.js';
import { tidy } from '../replay/tidy.js';
import { ingredientsOf } from './recipes.js';

/** What an items file adds to the names in a history. */
export interface DescribedItem {
  readonly title: string;
  readonly ingredients: readonly string[];
}

/** What an items file says, by name; see {@link described}. */
export type Descriptions = ReadonlyMap<string, DescribedItem>;

type BadCell = Pick<BadRow, 'line' | 'column' | 'what'>;

/**
 * Reads `name,title,ingredients`, the ingredients between semicolons; columns in any order, others are passed over. The
 * text is UTF-8, or Windows-1252 where it is no UTF-8; cells are separated by commas, semicolons or tabs.
 * @returns what it says, and which cells cannot be used: the rest of their rows is
 * @throws CommandFailure when there is no column of names
 */
export function readItems(bytes: Uint8Array, file: string): { items: Descriptions; bad: BadCell[] } {
  const encoding = markedEncoding(bytes) ?? (isDamaged(bytes, 'utf-8') ? 'windows-1252' : 'utf-8');
  const text = new TextDecoder(encoding).decode(bytes);
  const delimiter = [',', ';', '\t'].find((sign) => typeof columnOfNames(text, sign) === 'number') ?? ',';
  const [header, ...rows] = rowsOf(text, delimiter);
  const columns = header?.cells.map(tidy) ?? [];
  const nameAt = columnAt(columns, 'name');
  if (header && typeof nameAt !== 'number')
    throw new CommandFailure(`${file}:${header.line}:name: there are two columns of this name`);
  if (header && nameAt === -1) {
    const what = noText(bytes, encoding);
    throw new CommandFailure(
      what === undefined
        ? `${file}:${header.line}:name: there is no such column; there are ${listed(columns)}`
        : `${file} ${what}.`,
    );
  }
  const items = new Map<string, DescribedItem>();
  const bad: BadCell[] = [];
  for (const row of rows) {
    const name = textIn(row, columns, 'name');
    if (name === '') continue;
    if (items.has(fold(name))) {
      bad.push({ line: row.line, column: 'name', what: `${name} was described before` });
      continue;
    }
    items.set(fold(name), {
      title: titleOf(row, columns, bad) || name,
      ingredients: usable(row, ingredientsOf(textIn(row, columns, 'ingredients')), bad),
    });
  }
  return { items, bad };
}

/** What an items file says of an item, whatever the case of the letters in its name. */
export function described(items: Descriptions, name: string): DescribedItem | undefined {
  return items.get(fold(name));
}

function columnOfNames(text: string, delimiter: string): number | undefined {
  const [header] = rowsOf(text, delimiter).take(1);
  const at = header && columnAt(header.cells.map(tidy), 'name');
  return at === -1 || at === 'several' ? undefined : at;
}

function textIn({ cells }: TableRow, columns: readonly string[], column: string): string {
  const at = columnAt(columns, column);
  return typeof at === 'number' ? tidy(cells[at] ?? '') : '';
}

function titleOf(row: TableRow, columns: readonly string[], bad: BadCell[]): string {
  const title = textIn(row, columns, 'title');
  if (title.length <= MAX_TITLE) return title;
  bad.push({ line: row.line, column: 'title', what: `is longer than ${MAX_TITLE} characters` });
  return '';
}

function usable({ line }: TableRow, ingredients: readonly string[], bad: BadCell[]): string[] {
  const report = (what: string) => bad.push({ line, column: 'ingredients', what });
  const short = ingredients.filter((name) => name.length <= MAX_INGREDIENT);
  if (short.length < ingredients.length) report(`one is longer than ${MAX_INGREDIENT} characters`);
  if (short.length > MOST_INGREDIENTS) report(`are more than ${MOST_INGREDIENTS}`);
  return short.slice(0, MOST_INGREDIENTS);
}

const MAX_TITLE = 500;
const MAX_INGREDIENT = 200;
const MOST_INGREDIENTS = 50;
