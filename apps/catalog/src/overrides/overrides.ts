import type { ItemOverride } from '@comanda/contracts';
import { type Fault, Refusal, requireVersion } from '@comanda/platform';
import type { StoredOverride } from './overrides.store.js';

/** An override as it is answered. */
export const toOverride = ({ createdAt, updatedAt, ...fields }: StoredOverride): ItemOverride => ({
  ...fields,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/**
 * Checks what is said to be different against the item and the location.
 * @throws Refusal `reference_unknown` for a variation the item does not have, or one named twice; `currency_mismatch`
 */
export function checkOverride(
  said: Pick<ItemOverride, 'variations'>,
  variationIds: readonly string[],
  currency: string,
): void {
  const seen = new Set<string>();
  const unknown: Fault[] = [];
  const foreign: Fault[] = [];
  for (const [i, { variationId, price }] of said.variations.entries()) {
    const pointer = `/variations/${i}`;
    if (!variationIds.includes(variationId))
      unknown.push({ pointer: `${pointer}/variationId`, detail: 'The item has no such variation.' });
    else if (seen.has(variationId))
      unknown.push({ pointer: `${pointer}/variationId`, detail: 'The variation is named twice.' });
    if (price && price.currency !== currency)
      foreign.push({ pointer: `${pointer}/price/currency`, detail: `The location sells in ${currency}.` });
    seen.add(variationId);
  }
  if (unknown.length > 0)
    throw new Refusal('reference_unknown', 'The variations are not those of the item.', { errors: unknown });
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
