import type { z } from 'zod';
import { Refusal } from '../refusal.js';

/** Where a page ended: the sort key of its last row. */
export type Position = readonly (string | number)[];

/** Writes a position as an opaque cursor. */
export const cursorOf = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * Reads a cursor of ours back.
 * @param shape the sort key it must hold, so that a made-up cursor never reaches SQL
 * @throws Refusal `cursor_invalid`
 */
export function positionOf<S extends z.ZodType<Position>>(
  cursor: string | undefined,
  shape: S,
): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  const read = shape.safeParse(json(Buffer.from(cursor, 'base64url').toString()));
  // PostgreSQL stores no NUL, and so nobody's row begins after one.
  if (read.success && !read.data.some((part) => typeof part === 'string' && part.includes('\0'))) return read.data;
  throw new Refusal('cursor_invalid', 'The cursor is not one that this list gave.', {
    errors: [{ pointer: 'query/cursor', detail: 'Not a cursor of this list.' }],
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Makes a page of rows read with `limit + 1`: the extra row says that there is more.
 * @param position the sort key of a row
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => Position,
  item: (row: Row) => Item,
): { data: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(position(last)) : null,
  };
}
