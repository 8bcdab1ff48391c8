import type { ItemOverride } from '@comanda/contracts';
import { type Fault, Refusal, requireVersion } from '@comanda/platform';
import type { StoredOverride } from './overrides.store.js';

/** An override as it is answered. */
export const toOverride = ({ createdAt, updatedAt, ...fields }: StoredOverride): ItemOverride => ({
  ...fields,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What an override may name. */
interface Known {
  readonly variationIds: readonly string[];
  readonly scheduleIds: readonly string[];
  readonly currency: string;
}

/** The schedules that an override names. */
export const schedulesIn = ({ variations }: Pick<ItemOverride, 'variations'>): string[] =>
  variations.flatMap(({ timedPrices = [] }) => timedPrices.map(({ scheduleId }) => scheduleId));

/**
 * Checks what is said to be different against the item and the location.
 * @throws Refusal `reference_unknown` for a variation the item does not have, or one named twice, or a schedule;
 *   `currency_mismatch`
 */
export function checkOverride(
  said: Pick<ItemOverride, 'variations'>,
  { variationIds, scheduleIds, currency }: Known,
): void {
  const seen = new Set<string>();
  const unknown: Fault[] = [];
  const foreign: Fault[] = [];
  for (const [i, { variationId, price, timedPrices = [] }] of said.variations.entries()) {
    const pointer = `/variations/${i}`;
    if (!variationIds.includes(variationId))
      unknown.push({ pointer: `${pointer}/variationId`, detail: 'The item has no such variation.' });
    else if (seen.has(variationId))
      unknown.push({ pointer: `${pointer}/variationId`, detail: 'The variation is named twice.' });
    const priced: [string, typeof price][] = [
      [`${pointer}/price`, price],
      ...timedPrices.map((timed, t): [string, typeof price] => [`${pointer}/timedPrices/${t}/price`, timed.price]),
    ];
    for (const [at, money] of priced)
      if (money && money.currency !== currency)
        foreign.push({ pointer: `${at}/currency`, detail: `The location sells in ${currency}.` });
    for (const [t, { scheduleId }] of timedPrices.entries())
      if (!scheduleIds.includes(scheduleId))
        unknown.push({ pointer: `${pointer}/timedPrices/${t}/scheduleId`, detail: 'There is no such schedule.' });
    seen.add(variationId);
  }
  if (unknown.length > 0)
    throw new Refusal('reference_unknown', 'Not all that is named is there.', { errors: unknown });
  if (foreign.length > 0)
    throw new Refusal('currency_mismatch', `Prices at this location are in ${currency}.`, { errors: foreign });
}

/**
 * Lets an override through that replaces the present one, or that is the first; one that claims to replace what is not
 * there is stale.
 * @throws Refusal `version_missing`, `version_stale`
 */
export function requireLatest(
  call: { ifMatch: number | undefined; body: { version?: number | undefined } },
  present: StoredOverride | undefined,
): void {
  if (present) requireVersion(call, toOverride(present));
  else if ((call.ifMatch ?? call.body.version) !== undefined)
    throw new Refusal('version_stale', 'Nothing is different about this item here any more.', { current: null });
}
