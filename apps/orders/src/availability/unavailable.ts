import { Refusal } from '@comanda/platform';

/** What cannot be ordered at a location, by the id of the item or of the variation: until when, in milliseconds. */
export type Unavailable = ReadonlyMap<string, number>;

/**
 * Refuses lines that cannot be ordered now. What was to come back by now is back, whether or not anybody said so. A combo
 * may itself be out, though everything in it is there.
 * @throws Refusal `item_unavailable`, pointing to the lines
 */
export function refuseUnavailable(unavailable: Unavailable, lines: readonly Asked[], now: Date): void {
  if (unavailable.size === 0) return;
  const isOut = ({ itemId, variationId }: Sold): boolean =>
    [itemId, variationId].some((id) => (unavailable.get(id) ?? 0) > now.getTime());
  const out = lines.flatMap(({ line, pointer }) => [
    ...(isOut(line) ? [pointer] : []),
    ...(line.combo && isOut(line.combo) ? [pointer.replace(/\/components\/\d+$/, '')] : []),
  ]);
  const errors = [...new Set(out)].map((pointer) => ({
    pointer: `${pointer}/variationId`,
    detail: 'Cannot be ordered now.',
  }));
  if (errors.length > 0)
    throw new Refusal('item_unavailable', 'Something in this order cannot be ordered now.', { errors });
}

interface Sold {
  readonly itemId: string;
  readonly variationId: string;
}

interface Asked {
  readonly line: Sold & { readonly combo?: Sold | undefined };
  /** To where in the body it is asked for. */
  readonly pointer: string;
}
