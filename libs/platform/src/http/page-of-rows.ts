import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { pageOf, positionOf } from './pages.js';

/** How a list is sorted: by an instant of its rows and, within one instant, by their ids. */
export interface ListOrder<Row> {
  readonly by: FieldsOf<Row, Date>;
  readonly newestFirst?: boolean;
  /** Where the row's id is called otherwise. */
  readonly id?: FieldsOf<Row, string>;
}

type FieldsOf<Row, Kind> = { [Field in keyof Row]: Row[Field] extends Kind ? Field : never }[keyof Row] & string;

/** How much of a list is asked for, and after which row. */
export interface PageAsked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Reads a page of rows by keyset: the cursor is the instant and the id of the last row shown, so that a page costs the
 * same however far into the list it is, and rows that come meanwhile neither repeat nor hide any.
 * @param rows which rows; the order and the limit are added here
 * @throws Refusal `cursor_invalid`
 */
export async function pageOfRows<Row extends ObjectLiteral, Item>(
  rows: SelectQueryBuilder<Row>,
  { limit, cursor }: PageAsked,
  { by, newestFirst = false, id: named }: ListOrder<Row>,
  toItem: (row: Row) => Item,
): Promise<{ data: Item[]; nextCursor: string | null }> {
  const id: string = named ?? 'id';
  const [at, key] = [by, id].map((field) => `${rows.alias}.${field}`);
  const after = positionOf(cursor, Position);
  if (after) rows.andWhere(`(${at}, ${key}) ${newestFirst ? '<' : '>'} (:pagedAt, :pagedId)`, paged(after));
  const direction = newestFirst ? 'DESC' : 'ASC';
  const found = await rows
    .orderBy(`${at}`, direction)
    .addOrderBy(`${key}`, direction)
    .limit(limit + 1)
    .getMany();
  return pageOf(found, limit, (row) => [row[by].toISOString(), row[id]], toItem);
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);
const paged = ([pagedAt, pagedId]: z.output<typeof Position>) => ({ pagedAt, pagedId });
