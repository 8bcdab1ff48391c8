import type { Invariant } from './invariant.js';

export const stockIsItsMovements: Invariant = {
  id: 'I7',
  promise: 'A level is the last count and all that moved after it.',
  async examine({ query }) {
    const places = await query<PlaceRow>('inventory', PLACES);
    return {
      examined: places.length,
      violations: places
        .filter(({ quantity, moved }) => quantity !== moved)
        .map(
          ({ location_id, stock_item_id, quantity, moved }) =>
            `Stock item ${stock_item_id} at ${location_id}: the level says ${quantity ?? 'nothing'}, its movements ${moved}.`,
        ),
    };
  },
};

interface PlaceRow {
  readonly location_id: string;
  readonly stock_item_id: string;
  /** Null where there is no level. */
  readonly quantity: number | null;
  readonly moved: number;
}

const PLACES = `
  select place.location_id, place.stock_item_id, l.quantity, coalesce(c.quantity, 0) + coalesce(m.moved, 0) as moved
  from (select location_id, stock_item_id from levels union select location_id, stock_item_id from movements) place
  left join levels l on l.location_id = place.location_id and l.stock_item_id = place.stock_item_id
  left join lateral (
    select occurred_at, quantity from movements
    where location_id = place.location_id and stock_item_id = place.stock_item_id and kind = 'count'
    order by occurred_at desc, cause_id desc limit 1
  ) c on true
  left join lateral (
    select sum(quantity)::bigint as moved from movements
    where location_id = place.location_id and stock_item_id = place.stock_item_id and kind <> 'count'
      and (c.occurred_at is null or occurred_at > c.occurred_at)
  ) m on true`;

export const menusAgree: Invariant = {
  id: 'I9',
  promise: 'Orders sells from the menu that catalog published last.',
  async examine({ query }) {
    const published = await query<{ location_id: string; hash: string }>(
      'catalog',
      'select distinct on (location_id) location_id, hash from publications order by location_id, version desc',
    );
    const sold = new Map(
      (
        await query<{ location_id: string; hash: string }>(
          'orders',
          'select distinct on (location_id) location_id, hash from published_menus where body is not null order by location_id, version desc',
        )
      ).map((row) => [row.location_id, row.hash]),
    );
    return {
      examined: published.length,
      violations: published
        .filter(({ location_id, hash }) => sold.get(location_id) !== hash)
        .map(
          ({ location_id, hash }) =>
            `Location ${location_id}: catalog published ${hash}, orders sells from ${sold.get(location_id) ?? 'nothing'}.`,
        ),
    };
  },
};
