import { scale } from '@comanda/money';

/** What something costs, and what it costs in certain sizes of what it goes with. */
export type SizedPrice = {
  readonly price: number;
  readonly sizePrices?: readonly { readonly size: string; readonly price: number }[] | undefined;
};

/** A choice from a group as the guest asked for it, in the order in which it was asked. */
export type PlainChoice = SizedPrice & {
  readonly groupId: string;
  /** At least 1. */
  readonly quantity: number;
  /** How it was asked for: "extra" is twice its price (2_000_000 parts per million), "half" half of it, "no" nothing. */
  readonly rate: number;
  /** False for what is left out ("no onions"): it is none of the group's choices. */
  readonly counts: boolean;
};

/** So many at the same price. */
export type ChoiceRun = { readonly quantity: number; readonly unitPrice: number };

/**
 * What choices cost, each by its place among those of its group: where the group prices by position ("two toppings are
 * free, every further one 1.50"), position decides in place of the choice's own price, and its last price holds for all
 * that follow. Prices are those of the size; how it was asked for comes last and rounds half-up. Several of one choice
 * take several positions, so one choice may come to two runs.
 * @param sequences the prices by position, for the groups that have any
 * @returns the runs of each choice, in the order of the choices
 */
export function priceChoices(
  choices: readonly PlainChoice[],
  sequences: ReadonlyMap<string, readonly SizedPrice[]>,
  size: string | undefined,
): ChoiceRun[][] {
  const taken = new Map<string, number>();
  return choices.map((choice) => {
    const { groupId, quantity, rate, counts } = choice;
    const sequence = sequences.get(groupId) ?? [];
    const first = taken.get(groupId) ?? 0;
    if (counts) taken.set(groupId, first + quantity);
    if (!counts || sequence.length === 0) return [{ quantity, unitPrice: asAsked(priceIn(choice, size), rate) }];
    return runsOf(sequence, first, quantity).map((run) => ({
      quantity: run.quantity,
      unitPrice: asAsked(priceIn(run.at, size), rate),
    }));
  });
}

const priceIn = ({ price, sizePrices = [] }: SizedPrice, size: string | undefined): number =>
  sizePrices.find((sized) => sized.size === size)?.price ?? price;

const asAsked = (price: number, rate: number): number =>
  rate === WHOLE ? price : scale(price, rate, WHOLE, 'half-up') || 0;

const WHOLE = 1_000_000;

/** The prices of so many positions from the first on; all that lie past the end are one run. */
function runsOf(
  sequence: readonly SizedPrice[],
  first: number,
  quantity: number,
): { at: SizedPrice; quantity: number }[] {
  const last = sequence.length - 1;
  const listed = Math.max(0, Math.min(quantity, last - first));
  const runs = sequence.slice(first, first + listed).map((at) => ({ at, quantity: 1 }));
  const final = sequence.at(-1);
  return final && quantity > listed ? [...runs, { at: final, quantity: quantity - listed }] : runs;
}
