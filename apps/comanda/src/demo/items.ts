import { CommandFailure } from '../cli/failure.js';
import { rowsOf } from '../replay/table.js';
import { tidy } from '../replay/tidy.js';
import { ingredientsOf } from './recipes.js';

/** What an items file adds to the names in a history. */
export interface DescribedItem {
  readonly title: string;
  readonly ingredients: readonly string[];
}

/**
 * Reads `name,title,ingredients`, the ingredients between semicolons; columns in any order, others are passed over.
 * The text is UTF-8.
 * @returns by name, as the history has it
 * @throws CommandFailure when there is no column of names
 */
export function readItems(bytes: Uint8Array, file: string): Map<string, DescribedItem> {
  const [header, ...rows] = rowsOf(new TextDecoder().decode(bytes), ',');
  const columns = header?.cells.map(tidy) ?? [];
  if (header && !columns.includes('name'))
    throw new CommandFailure(`${file}:${header.line}:name: there is no such column; there are ${columns.join(', ')}`);
  const items = new Map<string, DescribedItem>();
  for (const { cells } of rows) {
    const text = (column: string): string => tidy(cells[columns.indexOf(column)] ?? '');
    const name = text('name');
    if (name !== '') items.set(name, { title: text('title') || name, ingredients: ingredientsOf(text('ingredients')) });
  }
  return items;
}
