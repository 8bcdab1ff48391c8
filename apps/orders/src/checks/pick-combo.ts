import type { LineCombo, NewLine } from '@comanda/contracts';
import { type Fault, given, newId, Refusal } from '@comanda/platform';
import { checkSlots, comboPrices, priceAt, shareDiscounts, type SlotViolation, type WallClock } from '@comanda/pricing';
import type { MenuIndex, Offer } from '../menus/menu-index.js';
import { type Discount, pricedAs } from './discounts.js';
import type { PickedLine } from './picked-line.js';

/** A component of a combo, as if it were asked for by itself: what of it the combo decides is given. */
export interface Component {
  readonly asked: NewLine;
  readonly pointer: string;
  readonly unitPrice: number;
  readonly combo: LineCombo;
}

/**
 * Takes a combo apart into what was chosen for its slots, in the order of the choice. Together the components cost what the
 * combo costs at this time, with the surcharges of what was chosen.
 * @throws Refusal `slot_min`, `slot_max`, `slot_unknown`; `modifier_unknown` for choices that go with no component
 */
export function takeApart(
  menu: MenuIndex,
  { item, variation, timedPrices }: Offer,
  asked: NewLine,
  { pointer, clock }: { pointer: string; clock: WallClock },
): Component[] {
  const slots = variation.slots ?? [];
  const violations = checkSlots(slots, asked.components);
  if (violations.length > 0) throw refusalOf(violations, pointer);
  if (asked.modifiers.length > 0)
    throw new Refusal('modifier_unknown', 'What is chosen with a combo is chosen with its components.', {
      errors: [{ pointer: `${pointer}/modifiers`, detail: 'Belongs to one of the components.' }],
    });
  const prices = comboPrices(
    priceAt(variation.price, timedPrices, clock),
    asked.components.map(({ slot, variationId }) => {
      const offer = menu.offers.get(variationId);
      return {
        listPrice: offer ? priceAt(offer.variation.price, offer.timedPrices, clock) : 0,
        surcharge: surchargeOf(slots, slot, variationId),
      };
    }),
  );
  const combo = {
    id: asked.id ?? newId(),
    itemId: item.id,
    variationId: variation.id,
    name: item.name,
    variationName: variation.name,
  };
  return asked.components.map(({ id, slot, variationId, modifiers, note }, at) => ({
    asked: { ...asked, id, variationId, modifiers, components: [], discounts: [], note: note ?? asked.note },
    pointer: `${pointer}/components/${at}`,
    unitPrice: prices[at] ?? 0,
    combo: { ...combo, slot },
  }));
}

/**
 * What discounts on a combo take off each of its lines. Together they take what the discount takes off the whole; what
 * they take is fixed from here on, however the lines are split later.
 */
export function shareOfDiscounts(lines: readonly PickedLine[], discounts: readonly Discount[]): Discount[][] {
  if (discounts.length === 0) return lines.map(() => []);
  const { shares } = shareDiscounts(lines.map(grossOf), discounts.map(pricedAs));
  return shares.map((taken) => {
    const amounts = new Map(taken.map(({ id, amount }) => [id, amount]));
    return discounts.flatMap((discount) => {
      const amount = amounts.get(discount.id) ?? 0;
      return amount > 0 ? [fixedAt(discount, amount)] : [];
    });
  });
}

/** A discount that takes so much and no more; what is given for nothing is so in all its parts. */
function fixedAt(discount: Discount, amount: number): Discount {
  if (discount.kind === 'comp') return discount;
  const { id, name, reason, staffId, approverId } = discount;
  return { kind: 'fixed', id, name, amount, ...given({ reason, staffId, approverId }) };
}

/** What a line comes to before discounts; one that costs less than nothing is refused when it is priced. */
const grossOf = ({ quantity, unitPrice, modifiers }: PickedLine): number =>
  Math.max(0, quantity * (unitPrice.amount + ofModifiers(modifiers)));

const ofModifiers = (modifiers: PickedLine['modifiers']): number =>
  modifiers.reduce(
    (sum, { quantity, unitPrice, modifiers: below }) => sum + quantity * (unitPrice.amount + ofModifiers(below)),
    0,
  );

type MenuSlot = NonNullable<Offer['variation']['slots']>[number];

const surchargeOf = (slots: readonly MenuSlot[], code: string, variationId: string): number =>
  slots.find((slot) => slot.code === code)?.choices.find((choice) => choice.variationId === variationId)?.surcharge ??
  0;

function refusalOf(violations: readonly SlotViolation[], pointer: string): Refusal {
  const errors: Fault[] = violations.map((violation) =>
    violation.code === 'slot_unknown'
      ? { pointer: `${pointer}/components/${violation.at}`, detail: 'This is no choice of such a slot of the combo.' }
      : { pointer: `${pointer}/components`, detail: sentenceOf(violation) },
  );
  return new Refusal(violations[0]?.code ?? 'slot_unknown', errors[0]?.detail ?? '', { errors });
}

const sentenceOf = ({ code, slot, chosen }: Exclude<SlotViolation, { code: 'slot_unknown' }>): string =>
  code === 'slot_min'
    ? `Of ${slot.code} at least ${slot.min} must be chosen, ${chosen} are.`
    : `Of ${slot.code} at most ${slot.max} can be chosen, ${chosen} are.`;
