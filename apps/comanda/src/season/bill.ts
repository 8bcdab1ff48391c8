import type { ServiceType } from '@comanda/client';
import { CHARGES, FOOD, GROUPS, HAPPY_HOUR, MODIFIERS, type TaxRule, VARIATIONS } from './bistro.js';
import { halfUp, handOut, sum, whole } from './whole-numbers.js';

// What a guest has to pay, worked out from the menu as somebody with pencil and paper would: whole numbers alone, and not a
// line of the platform's own pricing, so that the two agreeing means something.

/** Something chosen with an item, and how it was asked for: "no onions". */
export interface Choice {
  readonly modifier: string;
  readonly asked?: string;
}

export interface Component {
  readonly slot: string;
  readonly variation: string;
  readonly choices: readonly Choice[];
}

/** Something that is taken off by hand. */
export type Reduction = { readonly name: string; readonly reason: string } & (
  | { readonly kind: 'percent'; readonly rate: number }
  | { readonly kind: 'fixed'; readonly amount: number }
  | { readonly kind: 'comp' }
);

/** Something ordered, `quantity` times. */
export interface Asked {
  readonly variation: string;
  readonly quantity: number;
  readonly choices: readonly Choice[];
  /** What a combo is put together from. */
  readonly components: readonly Component[];
  readonly reductions: readonly Reduction[];
  /** When it was ordered, at the restaurant's clock. */
  readonly at: Clock;
  /** A combo that was broken: its parts cost what they cost alone. */
  readonly broken?: true;
}

/** What the clock on the wall shows: 1 is Monday, minutes since midnight. */
export interface Clock {
  readonly weekday: number;
  readonly minute: number;
}

/** What a coupon or a reward takes off. */
export type Gift =
  | { readonly kind: 'percent'; readonly rate: number }
  | { readonly kind: 'fixed'; readonly amount: number }
  /** The cheapest so many of an item, without what was chosen with them. */
  | { readonly kind: 'free'; readonly quantity: number; readonly item: string }
  /** Of each two of a category the cheaper. */
  | { readonly kind: 'pairs'; readonly category: string };

export interface Table {
  readonly asked: readonly Asked[];
  readonly served: ServiceType;
  readonly covers: number | null;
  readonly reductions: readonly Reduction[];
  readonly gift: Gift | null;
}

/** What one line comes to: a component of a combo is a line. */
export interface BilledLine {
  /** The line as it was asked for. */
  readonly of: number;
  readonly quantity: number;
  readonly gross: number;
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
}

export interface Billed {
  readonly lines: readonly BilledLine[];
  readonly gross: number;
  /** By the name of the discount; the gift's is `gift`. */
  readonly discounts: Readonly<Record<string, number>>;
  readonly net: number;
  readonly serviceCharge: number;
  readonly tax: number;
  readonly total: number;
}

/** Adds up what a table has to pay. */
export function billOf({ asked, served, covers, reductions, gift }: Table): Billed {
  const discounts: Record<string, number> = {};
  const note = (name: string, amount: number): void => void (discounts[name] = (discounts[name] ?? 0) + amount);
  const lines = asked.flatMap((line, of) => openLines(line, of));
  const listed = sum(lines, grossOf);
  asked.forEach(({ reductions: own }, of) => {
    const mine = lines.filter((line) => line.of === of);
    takeOff(mine, own, note);
  });
  for (const [line, amount] of pieces(lines, gift)) {
    take(line, amount);
    note('gift', amount);
  }
  const ofAll: Reduction[] = [...reductions];
  if (gift?.kind === 'percent') ofAll.push({ ...gift, name: 'gift', reason: '' });
  if (gift?.kind === 'fixed') ofAll.push({ ...gift, name: 'gift', reason: '' });
  takeOff(lines, ofAll, note);

  const billed = lines.map((line): BilledLine => {
    const taxed = line.parts.map(({ left, taxes }) => taxesOn(left, taxes, served));
    const gross = grossOf(line);
    return {
      of: line.of,
      quantity: line.quantity,
      gross,
      discount: gross - sum(line.parts, leftOf),
      net: sum(taxed, ({ net }) => net),
      tax: sum(taxed, ({ tax }) => tax),
    };
  });
  const owed = sum(lines, ({ parts }) => sum(parts, leftOf));
  const { party, delivery } = CHARGES;
  const isParty = served === party.serviceType && (covers ?? 0) >= party.minimumCovers && lines.length > 0;
  const early = taxesOn(isParty ? millionths(owed, party.rate) : 0, FOOD, served);
  const soFar = sum(billed, ({ net, tax }) => net + tax) + early.net + early.tax;
  const late = served === delivery.serviceType && lines.length > 0 ? millionths(soFar, delivery.rate) : 0;
  const net = sum(billed, (line) => line.net);
  const tax = sum(billed, (line) => line.tax) + early.tax;
  const serviceCharge = early.net + late;
  return { lines: billed, gross: listed, discounts, net, serviceCharge, tax, total: net + serviceCharge + tax };
}

/** What one unit of a line that is given back is worth: of cents that do not divide, the first units have one more. */
export function unitsBack({ net, tax, quantity }: BilledLine, units: number): number {
  const total = net + tax;
  const [each, spare] = [whole(total, quantity), total % quantity];
  return each * units + Math.min(units, spare);
}

// ── Prices ──

interface Part {
  readonly taxes: readonly TaxRule[];
  readonly gross: number;
  left: number;
}
interface Open {
  readonly of: number;
  readonly variation: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly parts: Part[];
}

function openLines({ variation, quantity, choices, components, at, broken }: Asked, of: number): Open[] {
  const { variation: sold } = found(VARIATIONS, variation);
  if (!sold.slots) return [openLine(variation, { of, quantity, choices, unitPrice: priceAt(variation, at) })];
  const shares = handOut(
    priceAt(variation, at),
    components.map((component) => priceAt(component.variation, at)),
  );
  return components.map((component, which) => {
    const slot = sold.slots?.find(({ code }) => code === component.slot);
    const inCombo = (shares[which] ?? 0) + (slot?.choices[component.variation] ?? 0);
    const unitPrice = broken ? priceAt(component.variation, at) : inCombo;
    return openLine(component.variation, { of, quantity, choices: component.choices, unitPrice });
  });
}

function openLine(
  variation: string,
  { of, quantity, choices, unitPrice }: { of: number; quantity: number; choices: readonly Choice[]; unitPrice: number },
): Open {
  const { item, variation: sold } = found(VARIATIONS, variation);
  const priced = pricesOf(choices, sold.size);
  const own = sum(priced, ({ taxes, price }) => (taxes ? 0 : price));
  const parts = [{ taxes: item.taxes, gross: quantity * (unitPrice + own) }];
  for (const { taxes, price } of priced) if (taxes) parts.push({ taxes, gross: quantity * price });
  return { of, variation, quantity, unitPrice, parts: parts.map((part) => ({ ...part, left: part.gross })) };
}

/** What something costs by itself at a time of the week. */
function priceAt(variation: string, { weekday, minute }: Clock): number {
  const { price, happyHour } = found(VARIATIONS, variation).variation;
  const isHappy =
    weekday <= HAPPY_HOUR.days.length && minute >= minuteOf(HAPPY_HOUR.from) && minute < minuteOf(HAPPY_HOUR.to);
  return happyHour !== undefined && isHappy ? happyHour : price;
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function pricesOf(
  choices: readonly Choice[],
  size: string | undefined,
): { price: number; taxes?: readonly TaxRule[] }[] {
  const taken = new Map<string, number>();
  return choices.map(({ modifier: code, asked }) => {
    const { group, modifier } = found(MODIFIERS, code);
    const way = GROUPS.find((each) => each === group)?.asked?.find((each) => each.code === asked);
    const position = taken.get(group.code) ?? 0;
    if (way?.counts !== false) taken.set(group.code, position + 1);
    const step = group.sequence?.[Math.min(position, group.sequence.length - 1)];
    const plain = step ? step[size === 'large' ? 'large' : 'small'] : modifier.price;
    const price = way ? millionths(plain, way.rate) : plain;
    return modifier.taxes ? { price, taxes: modifier.taxes } : { price };
  });
}

// ── Discounts ──

/** Percents before fixed amounts, each of what the ones before left, over the lines in proportion to what they have left. */
function takeOff(
  lines: readonly Open[],
  reductions: readonly Reduction[],
  note: (name: string, off: number) => void,
): void {
  const amountOf = (reduction: Reduction, left: number): number => {
    switch (reduction.kind) {
      case 'percent':
        return millionths(left, reduction.rate);
      case 'fixed':
        return Math.min(reduction.amount, left);
      case 'comp':
        return left;
    }
  };
  const ordered = [
    ...reductions.filter(({ kind }) => kind !== 'fixed'),
    ...reductions.filter(({ kind }) => kind === 'fixed'),
  ];
  for (const reduction of ordered) {
    const left = lines.map(({ parts }) => sum(parts, leftOf));
    const amount = amountOf(
      reduction,
      sum(left, (each) => each),
    );
    note(reduction.name, amount);
    handOut(amount, left).forEach((each, at) => {
      const line = lines[at];
      if (line) take(line, each);
    });
  }
}

/** Takes an amount off a line, each of its parts giving in proportion to what it has left. */
function take({ parts }: Open, amount: number): void {
  handOut(amount, parts.map(leftOf)).forEach((each, at) => {
    const part = parts[at];
    if (part) part.left -= each;
  });
}

/** What a gift of single things takes off which line. */
function pieces(lines: readonly Open[], gift: Gift | null): [Open, number][] {
  if (gift?.kind !== 'free' && gift?.kind !== 'pairs') return [];
  const eligible = lines.filter(({ variation }) => {
    const { item } = found(VARIATIONS, variation);
    return gift.kind === 'free' ? item.code === gift.item : item.category === gift.category;
  });
  const dearestFirst = eligible
    .toSorted((one, other) => other.unitPrice - one.unitPrice)
    .flatMap((line) => Array.from({ length: line.quantity }, () => line));
  const free = gift.kind === 'free' ? dearestFirst.slice(-gift.quantity) : dearestFirst.filter((_, at) => at % 2 === 1);
  return free.map((line) => [line, line.unitPrice]);
}

// ── Taxes ──

function taxesOn(price: number, taxes: readonly TaxRule[], served: ServiceType): { net: number; tax: number } {
  const due = taxes.filter(({ serviceTypes }) => serviceTypes === null || serviceTypes.includes(served));
  const inside = due.filter(({ inclusive }) => inclusive);
  const rates = sum(inside, ({ rate }) => rate);
  const included = sum(inside, ({ rate }) => halfUp(price * rate, MILLION + rates));
  const net = price - included;
  let [added, joined] = [0, 0];
  for (const { rate, compounds, joinsBase } of due.filter(({ inclusive }) => !inclusive)) {
    const amount = millionths(compounds ? net + joined : net, rate);
    added += amount;
    if (joinsBase) joined += amount;
  }
  return { net, tax: included + added };
}

const MILLION = 1_000_000;
const millionths = (amount: number, rate: number): number => halfUp(amount * rate, MILLION);
const leftOf = ({ left }: Part): number => left;
const grossOf = ({ parts }: Open): number => sum(parts, ({ gross }) => gross);
function found<T>(table: ReadonlyMap<string, T>, code: string): T {
  const there = table.get(code);
  if (there === undefined) throw new Error(`The menu has no ${code}.`);
  return there;
}
