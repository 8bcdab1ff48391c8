import { Refusal } from '@comanda/platform';

/** What cannot be ordered at a location, by the id of the item or of the variation: until when, in milliseconds. */
export type Unavailable = ReadonlyMap<string, number>;

/**
 * Refuses lines that cannot be ordered now. What was to come back by now is back, whether or not anybody said so.
 * @throws Refusal `item_unavailable`, pointing to the lines
 */
export function refuseUnavailable(
  unavailable: Unavailable,
  lines: readonly { readonly itemId: string; readonly variationId: string }[],
  now: Date,
): void {
  if (unavailable.size === 0) return;
  const isOut = (id: string): boolean => (unavailable.get(id) ?? 0) > now.getTime();
  const errors = lines.flatMap(({ itemId, variationId }, index) =>
    isOut(itemId) || isOut(variationId)
      ? [{ pointer: `/lines/${index}/variationId`, detail: 'Cannot be ordered now.' }]
      : [],
  );
  if (errors.length > 0)
    throw new Refusal('item_unavailable', 'Something in this order cannot be ordered now.', { errors });
}
