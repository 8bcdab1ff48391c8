import { testPostgres } from '@comanda/testing';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../database/connect.js';
import { type ListOrder, pageOfRows } from './page-of-rows.js';
import { cursorOf } from './pages.js';

@Entity('visits')
class Visit {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('timestamptz', { name: 'came_at' })
  cameAt!: Date;
}

let db: DataSource;

beforeAll(async () => {
  const { url } = await (await testPostgres()).createDatabase('visits');
  db = await connect(url, { name: 'visits', entities: [Visit] }).initialize();
  await db.query('create table visits (id uuid primary key, came_at timestamptz not null)');
  // Three tables sit down in each of three minutes.
  await db.query(`insert into visits
    select ('00000000-0000-4000-8000-00000000000' || n)::uuid, '2026-03-06T20:00:00Z'::timestamptz + n / 3 * interval '1 minute'
    from generate_series(0, 8) n`);
});

afterAll(() => db.destroy());

const numberOf = ({ id }: Visit): number => Number(id.at(-1));
const visits = (limit: number, cursor?: string, order: Partial<ListOrder<Visit>> = {}) =>
  pageOfRows(
    db.createQueryBuilder(Visit, 'visit').where('true'),
    { limit, cursor },
    { by: 'cameAt', ...order },
    numberOf,
  );

async function all(limit: number, order: Partial<ListOrder<Visit>>): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await visits(limit, cursor, order);
    seen.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

describe('a list sorted by an instant', () => {
  const oldestFirst = [0, 1, 2, 3, 4, 5, 6, 7, 8];

  test.each([1, 2, 4, 9, 10])('%i at a time shows every row once, those of one instant too', async (limit) => {
    expect(await all(limit, {})).toEqual(oldestFirst);
    expect(await all(limit, { newestFirst: true })).toEqual(oldestFirst.toReversed());
  });

  test('is not shifted by rows that come before the place it has reached', async () => {
    const first = await visits(4, undefined, { newestFirst: true });
    await db.query(`insert into visits values ('00000000-0000-4000-8000-0000000000ff', '2026-03-06T21:00:00Z')`);
    const second = await visits(4, first.nextCursor ?? undefined, { newestFirst: true });
    await db.query(`delete from visits where id = '00000000-0000-4000-8000-0000000000ff'`);
    expect([...first.data, ...second.data]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test.each([
    ['an instant that is none', cursorOf(['Friday', '00000000-0000-4000-8000-000000000001'])],
    ['an id that is none', cursorOf(['2026-03-06T20:00:00.000Z', 'table 12'])],
  ])('refuses a cursor with %s', async (_, cursor) => {
    await expect(visits(4, cursor)).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
});
