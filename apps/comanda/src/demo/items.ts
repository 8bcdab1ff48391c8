import { parse } from 'csv-parse/sync';
import { CommandFailure } from '../cli/failure.js';
import { ingredientsOf } from './recipes.js';

/** What an items file adds to the names in a history. */
export interface DescribedItem {
  readonly title: string;
  readonly ingredients: readonly string[];
}

/**
 * Reads `name,title,ingredients`, the ingredients between semicolons.
 * @returns by name, as the history has it
 * @throws CommandFailure
 */
export function readItems(bytes: Uint8Array, file: string): Map<string, DescribedItem> {
  let rows: Record<string, string>[];
  try {
    rows = parse(new TextDecoder().decode(bytes), {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as typeof rows;
  } catch (error) {
    throw new CommandFailure(`${file} is no table of items: ${(error as Error).message}`);
  }
  const first = rows[0];
  if (first && !('name' in first))
    throw new CommandFailure(`${file}:1:name: there is no such column; there are ${Object.keys(first).join(', ')}`);
  return new Map(
    rows
      .filter(({ name }) => name)
      .map(({ name = '', title, ingredients = '' }) => [
        name,
        { title: title || name, ingredients: ingredientsOf(ingredients) },
      ]),
  );
}
