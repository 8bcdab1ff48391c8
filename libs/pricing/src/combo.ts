import { allocate } from '@comanda/money';

/** One of what is chosen for a combo. */
export type ComboPart = {
  /** What one of it costs by itself. */
  readonly listPrice: number;
  /** What choosing it adds to the price of the combo. */
  readonly surcharge: number;
};

/**
 * What each part of one combo costs: the combo's price shared out in proportion to list prices, by largest remainder, and
 * its own surcharge on top. The parts sum to the price and the surcharges. Where nothing has a list price, all have equal
 * shares, the first of them the spare cents.
 *
 * Throws a RangeError for amounts that are below zero or no whole minor units, and for a price without parts.
 */
export function comboPrices(price: number, parts: readonly ComboPart[]): number[] {
  for (const amount of [price, ...parts.map(({ surcharge }) => surcharge)])
    if (amount < 0) throw new RangeError('Neither a combo nor a choice of it costs less than nothing.');
  const listed = parts.map(({ listPrice }) => listPrice);
  const weights = listed.some((listPrice) => listPrice > 0) ? listed : listed.map(() => 1);
  const shares = allocate(price, weights);
  return parts.map(({ surcharge }, at) => (shares[at] ?? 0) + surcharge);
}

/** What is chosen for a combo: at least `min` and at most `max` of the choices, one of them also several times. */
export type ComboSlot = {
  readonly code: string;
  readonly min: number;
  readonly max: number;
  readonly choices: readonly { readonly variationId: string }[];
};

/** A choice that breaks a rule; `at` is its place among the choices. */
export type SlotViolation =
  | { readonly code: 'slot_min' | 'slot_max'; readonly slot: ComboSlot; readonly chosen: number }
  | { readonly code: 'slot_unknown'; readonly at: number };

/** Checks what is chosen for a combo against its slots, and lists every broken rule: none means that it can be ordered. */
export function checkSlots(
  slots: readonly ComboSlot[],
  chosen: readonly { readonly slot: string; readonly variationId: string }[],
): SlotViolation[] {
  const bySlot = new Map(slots.map((slot) => [slot.code, slot]));
  const unknown = chosen.flatMap(({ slot, variationId }, at): SlotViolation[] =>
    bySlot.get(slot)?.choices.some((choice) => choice.variationId === variationId)
      ? []
      : [{ code: 'slot_unknown', at }],
  );
  const counted = slots.flatMap((slot): SlotViolation[] => {
    const count = chosen.filter((choice) => choice.slot === slot.code).length;
    if (count < slot.min) return [{ code: 'slot_min', slot, chosen: count }];
    return count > slot.max ? [{ code: 'slot_max', slot, chosen: count }] : [];
  });
  return [...unknown, ...counted];
}
