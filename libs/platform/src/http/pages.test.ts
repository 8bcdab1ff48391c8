import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type House, smallHouse } from '../testing/small-house.js';
import { cursorOf, pageOf, type Position, positionOf } from './pages.js';

let house: House;

beforeAll(async () => {
  house = await smallHouse();
});

const SORT_KEY = z.tuple([z.int(), z.string()]);
const page = async (query: string) => {
  const { status, body } = await house.ask('GET', `/v1/tables${query}`);
  return { status, ...(body as { data: string[]; nextCursor: string | null }) };
};

describe('a list', () => {
  test.each([1, 2, 3, 4, 8, 9, 10])('%i at a time shows everything once, in order, and then ends', async (limit) => {
    const all = (await page('')).data;
    expect(all).toHaveLength(9);
    const seen: string[] = [];
    let [cursor, pages] = ['', 0];
    do {
      const { data, nextCursor } = await page(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      seen.push(...data);
      cursor = nextCursor ?? '';
      pages++;
    } while (cursor);
    expect(seen).toEqual(all);
    expect(pages).toBe(Math.ceil(9 / limit));
  });

  test('of nothing is an empty page with nothing after it', () => {
    expect(pageOf([], 50, () => [0], String)).toEqual({ data: [], nextCursor: null });
  });
});

describe('a cursor', () => {
  test('can stand in a URL as it is, and is read back as it was written', () => {
    const position = fc.tuple(
      fc.maxSafeInteger(),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
    );
    fc.assert(
      fc.property(position, (written: Position) => {
        const cursor = cursorOf(written);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(positionOf(cursor, SORT_KEY)).toEqual(written);
      }),
    );
  });

  test.each([
    ['somebody made up', 'page-2'],
    ['holds no JSON', Buffer.from('window for 2').toString('base64url')],
    ['is cut off', cursorOf([4, 'window for 4']).slice(0, -6)],
    ['belongs to another list', cursorOf(['window for 4'])],
    ['has one part too many', cursorOf([4, 'window for 4', 1])],
    ['counts in halves', cursorOf([4.5, 'window for 4'])],
    ['holds what no row can', cursorOf([4, 'window\0'])],
  ])('that %s is refused with a pointer to it', async (_, cursor) => {
    expect(await house.ask('GET', `/v1/tables?cursor=${cursor}`)).toMatchObject({
      status: 422,
      body: { code: 'cursor_invalid', errors: [{ pointer: 'query/cursor' }] },
    });
  });
});
