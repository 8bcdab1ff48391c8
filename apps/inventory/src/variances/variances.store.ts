import type { Variance } from '@comanda/contracts';
import type { Tx } from '@comanda/platform';

/** Which variances are asked for; null where it does not matter. */
export interface VarianceFilter {
  readonly locationId: string | null;
  readonly stockItemId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** The locations the caller may see; null for all. */
  readonly within: readonly string[] | null;
}

/**
 * What counts found, by business day, location and stock item, from a position on. Each count is held against the one
 * before it and all that moved since, by when it happened; what moved at the very moment of a count was counted.
 */
export function variancesAfter(
  tx: Tx,
  { locationId, stockItemId, from, to, within }: VarianceFilter,
  after: readonly [businessDate: string, locationId: string, stockItemId: string] | undefined,
  limit: number,
): Promise<Variance[]> {
  const [afterDate, afterLocation, afterItem] = after ?? [null, null, null];
  return tx.sql<Variance[]>`
    with counts as (
      select location_id, stock_item_id, business_date, occurred_at, cause_id, quantity, average_value, average_quantity, currency
      from movements
      where kind = 'count' and (${locationId}::uuid is null or location_id = ${locationId}::uuid)
        and (${within}::uuid[] is null or location_id = any(${within}::uuid[]))
        and (${stockItemId}::uuid is null or stock_item_id = ${stockItemId}::uuid)
        and (${from}::date is null or business_date >= ${from}::date)
        and (${to}::date is null or business_date <= ${to}::date)
        and (${afterDate}::date is null
          or (business_date, location_id, stock_item_id) > (${afterDate}::date, ${afterLocation}::uuid, ${afterItem}::uuid))
    ), days as (
      select business_date, location_id, stock_item_id from counts group by business_date, location_id, stock_item_id
      order by business_date, location_id, stock_item_id limit ${limit}
    ), found as (
      select counts.*, coalesce(before.quantity, 0) + moved.quantity - counts.quantity as variance
      from days join counts using (business_date, location_id, stock_item_id)
      left join lateral (
        select quantity, occurred_at from movements earlier
        where earlier.location_id = counts.location_id and earlier.stock_item_id = counts.stock_item_id and earlier.kind = 'count'
          and (earlier.occurred_at, earlier.cause_id) < (counts.occurred_at, counts.cause_id)
        order by earlier.occurred_at desc, earlier.cause_id desc limit 1) before on true
      cross join lateral (
        select coalesce(sum(movement.quantity), 0)::bigint as quantity from movements movement
        where movement.location_id = counts.location_id and movement.stock_item_id = counts.stock_item_id
          and movement.kind <> 'count' and movement.occurred_at <= counts.occurred_at
          and (before.occurred_at is null or movement.occurred_at > before.occurred_at)) moved
    ), summed as (
      select business_date, location_id, stock_item_id, sum(variance)::bigint as variance,
        (array_agg(quantity order by occurred_at desc, cause_id desc))[1] as counted,
        case when bool_and(average_value is not null)
          then sum(trunc(variance::numeric * average_value / average_quantity)) end as micros,
        max(currency) as currency
      from found group by business_date, location_id, stock_item_id
    )
    select summed.location_id as "locationId", summed.stock_item_id as "stockItemId", item.name, item.unit,
      summed.business_date as "businessDate", summed.counted + summed.variance as theoretical, summed.counted,
      summed.variance, case when abs(summed.micros) <= ${Number.MAX_SAFE_INTEGER}::bigint
        then json_build_object('micros', summed.micros, 'currency', summed.currency) end as cost
    from summed join stock_items item on item.id = summed.stock_item_id
    order by summed.business_date, summed.location_id, summed.stock_item_id`;
}
