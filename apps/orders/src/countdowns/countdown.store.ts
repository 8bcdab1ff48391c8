import { Refusal, runPrepared, type Tx } from '@comanda/platform';
import { CountdownRow } from './countdown.entity.js';

/** So many of a variation. */
export interface Quantity {
  readonly variationId: string;
  readonly quantity: number;
}

/** What lines take off countdowns: each what it is, and the first of a combo the combo as well. */
export function countedBy<
  Line extends Quantity & { readonly combo?: { readonly id: string; readonly variationId: string } | undefined },
>(lines: readonly Line[]): Line[] {
  const combos = new Set<string>();
  return lines.flatMap((line) => {
    if (!line.combo || combos.has(line.combo.id)) return [line];
    combos.add(line.combo.id);
    return [line, { ...line, variationId: line.combo.variationId }];
  });
}

/** Adds up what lines ask for, variation by variation. */
export function quantitiesOf(lines: readonly Quantity[]): Quantity[] {
  const wanted = new Map<string, number>();
  for (const { variationId, quantity } of lines) wanted.set(variationId, (wanted.get(variationId) ?? 0) + quantity);
  return [...wanted].map(([variationId, quantity]) => ({ variationId, quantity }));
}

/**
 * Takes what an order sells off its countdowns; what is not counted is not touched. The rows are locked in the order of
 * their ids until the transaction ends, so that two orders never wait for each other, and the last one is sold once.
 * @throws Refusal `countdown_exhausted`, saying what is left of what
 */
export async function takeCountdowns(tx: Tx, locationId: string, wanted: readonly Quantity[]): Promise<void> {
  if (wanted.length === 0) return;
  const short = await runPrepared<{ variationId: string; remaining: number }>(tx, TAKE, [
    locationId,
    wanted.map(({ variationId }) => variationId),
    wanted.map(({ quantity }) => quantity),
  ]);
  if (short.length > 0)
    throw new Refusal('countdown_exhausted', 'Not enough is left of something in this order.', { remaining: short });
}

/** Which of these are counted down, wherever. */
export async function countedDown(tx: Tx, wanted: readonly Quantity[]): Promise<Set<string>> {
  if (wanted.length === 0) return new Set();
  const ids = [...new Set(wanted.map(({ variationId }) => variationId))];
  const rows = await runPrepared<{ variationId: string }>(tx, COUNTED, [ids]);
  return new Set(rows.map(({ variationId }) => variationId));
}

const COUNTED = {
  name: 'countdowns.counted',
  text: 'select distinct variation_id as "variationId" from countdowns where variation_id = any($1::uuid[])',
};

const TAKE = {
  name: 'countdowns.take',
  text: `
  with wanted as (
    select * from unnest($2::uuid[], $3::int[]) as wanted (variation_id, quantity)
  ), held as (
    select variation_id, remaining from countdowns
    where location_id = $1 and variation_id = any($2::uuid[])
    order by variation_id for update
  ), taken as (
    update countdowns set remaining = countdowns.remaining - quantity, version = version + 1, updated_at = now()
    from held join wanted using (variation_id)
    where location_id = $1 and countdowns.variation_id = held.variation_id and held.remaining >= quantity
    returning countdowns.variation_id
  )
  select variation_id as "variationId", remaining from held
  where not exists (select from taken where taken.variation_id = held.variation_id)
  order by variation_id`,
};

/** Puts back what was not sent to the kitchen, where it was ordered since the last count. Locks as `takeCountdowns` does. */
export async function giveBack(
  tx: Tx,
  locationId: string,
  returned: readonly (Quantity & { readonly orderedAt: string })[],
): Promise<void> {
  if (returned.length === 0) return;
  await runPrepared(tx, GIVE_BACK, [
    locationId,
    returned.map(({ variationId }) => variationId),
    returned.map(({ quantity }) => quantity),
    returned.map(({ orderedAt }) => orderedAt),
  ]);
}

const GIVE_BACK = {
  name: 'countdowns.give_back',
  text: `
  with held as (
    select variation_id, counted_at from countdowns
    where location_id = $1 and variation_id = any($2::uuid[])
    order by variation_id for update
  ), returned as (
    select variation_id, sum(quantity)::int as quantity
    from unnest($2::uuid[], $3::int[], $4::timestamptz[]) as line (variation_id, quantity, ordered_at)
    join held using (variation_id)
    where ordered_at >= counted_at
    group by variation_id
  )
  update countdowns set remaining = remaining + returned.quantity, version = version + 1, updated_at = now()
  from returned where location_id = $1 and countdowns.variation_id = returned.variation_id`,
};

/** A countdown as it is answered. */
export interface CountdownState {
  readonly locationId: string;
  readonly variationId: string;
  readonly remaining: number;
  readonly version: number;
  readonly updatedAt: Date;
}

/** Says how many are left from now on, whatever was said before. */
export async function setCountdown(
  tx: Tx,
  {
    organizationId,
    locationId,
    variationId,
    remaining,
  }: { organizationId: string; locationId: string; variationId: string; remaining: number },
): Promise<CountdownState> {
  const [row] = await tx.sql<CountdownState[]>`
    insert into countdowns as known
      (location_id, variation_id, organization_id, remaining, counted_at, version, updated_at)
    values (${locationId}, ${variationId}, ${organizationId}, ${remaining}, now(), 1, now())
    on conflict (location_id, variation_id) do update
      set remaining = excluded.remaining, counted_at = now(), version = known.version + 1, updated_at = now()
    returning location_id as "locationId", variation_id as "variationId", remaining, version, updated_at as "updatedAt"`;
  if (!row) throw new Error('An insert that updates on conflict returns its row.');
  return row;
}

/** Countdowns in the order of their variation, from a position on. */
export function listCountdowns(
  tx: Tx,
  { visible, locationId = null }: { visible: readonly string[] | null; locationId?: string | null | undefined },
  after: readonly [variationId: string, locationId: string] | undefined,
  limit: number,
): Promise<CountdownState[]> {
  const [variationId, afterLocation] = after ?? [null, null];
  return tx.sql<CountdownState[]>`
    select location_id as "locationId", variation_id as "variationId", remaining, version, updated_at as "updatedAt"
    from countdowns
    where (${visible}::uuid[] is null or location_id = any(${visible}::uuid[]))
      and (${locationId}::uuid is null or location_id = ${locationId})
      and (${variationId}::uuid is null or (variation_id, location_id) > (${variationId}::uuid, ${afterLocation}::uuid))
    order by variation_id, location_id
    limit ${limit}`;
}

/** Stops counting. @throws Refusal `not_found` when it was not being counted */
export async function removeCountdown(tx: Tx, locationId: string, variationId: string): Promise<void> {
  const { affected } = await tx.delete(CountdownRow, { locationId, variationId });
  if (affected === 0) throw new Refusal('not_found', 'This is not being counted down.');
}
