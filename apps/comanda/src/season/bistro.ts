import type { ServiceType, TimeWindow } from '@comanda/client';

// A restaurant that does not exist: its menu in cents of a Canadian dollar, and its own view of taxes. Everything that a
// total depends on is here, so that what a guest has to pay can be worked out from these tables alone.

export const CURRENCY = 'CAD';
export const TIME_ZONE = 'America/Toronto';
/** The smallest coin: cash is rounded to it. */
export const COIN = 5;

/** Taken in this order, each rounded by itself on each line. */
export const TAXES = {
  duty: { name: 'Alcohol duty', rate: 30_000, inclusive: true, compounds: false, joinsBase: false, serviceTypes: null },
  federal: { name: 'Federal', rate: 50_000, inclusive: false, compounds: false, joinsBase: true, serviceTypes: null },
  provincial: {
    name: 'Provincial',
    rate: 99_750,
    inclusive: false,
    compounds: true,
    joinsBase: false,
    serviceTypes: ['dine_in'],
  },
} as const satisfies Record<string, TaxRule>;

/** A tax; on what is served in these ways alone, or in any. `compounds`: on the price and the taxes that joined its base. */
export interface TaxRule {
  readonly name: string;
  /** Parts per million. */
  readonly rate: number;
  readonly inclusive: boolean;
  readonly compounds: boolean;
  readonly joinsBase: boolean;
  readonly serviceTypes: readonly ServiceType[] | null;
}

export const FOOD: readonly TaxRule[] = [TAXES.federal, TAXES.provincial];
export const ALCOHOL: readonly TaxRule[] = [TAXES.duty, ...FOOD];

/** For large parties, on prices after discounts and taxed like food; and for bringing it, on all that is owed by then. */
export const CHARGES = {
  party: { name: 'Large party', rate: 150_000, minimumCovers: 8, serviceType: 'dine_in' },
  delivery: { name: 'Delivery', rate: 40_000, minimumCovers: null, serviceType: 'delivery' },
} as const;

export const HAPPY_HOUR: TimeWindow = {
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  from: '16:00',
  to: '18:00',
};

export const CATEGORIES = { starters: 'cold', mains: 'grill', desserts: 'pastry', drinks: 'bar', menus: null } as const;

export interface Variation {
  /** One in the restaurant. */
  readonly code: string;
  readonly name: string;
  readonly price: number;
  readonly happyHour?: number;
  readonly size?: string;
  readonly slots?: readonly Slot[];
}

/** One is chosen for each slot of a combo; a choice may add to its price. */
export interface Slot {
  readonly code: string;
  readonly choices: Readonly<Record<string, number>>;
}

export interface Item {
  readonly code: string;
  readonly name: string;
  readonly category: keyof typeof CATEGORIES;
  readonly taxes: readonly TaxRule[];
  /** Codes of modifier groups. */
  readonly groups: readonly string[];
  readonly variations: readonly Variation[];
}

const one = (code: string, name: string, price: number, more: Partial<Variation> = {}): Variation[] => [
  { code, name, price, ...more },
];
const item = (
  code: string,
  category: Item['category'],
  name: string,
  { variations, taxes = FOOD, groups = [] }: Pick<Item, 'variations'> & Partial<Item>,
): Item => ({ code, name, category, taxes, groups, variations });

const lunch: readonly Slot[] = [
  { code: 'starter', choices: { soup: 0, salad: 1_50 } },
  { code: 'main', choices: { burger: 0, poutine_large: 0, mussels: 2_00 } },
  { code: 'drink', choices: { coffee: 0, lemonade: 0, beer: 3_00 } },
];
const evening: readonly Slot[] = [
  { code: 'starter', choices: { soup: 0, salad: 0 } },
  { code: 'main', choices: { mussels: 0, steak: 5_00 } },
  { code: 'dessert', choices: { brulee: 0, tart: 0 } },
  { code: 'drink', choices: { coffee: 0, wine: 4_00 } },
];

export const ITEMS: readonly Item[] = [
  item('soup', 'starters', 'Onion soup', { variations: one('soup', 'Bowl', 7_50) }),
  item('salad', 'starters', 'Endive salad', {
    variations: [...one('salad', 'Small', 8_25), ...one('salad_large', 'Large', 12_75)],
  }),
  item('burger', 'mains', 'Burger', {
    variations: one('burger', 'With fries', 16_49),
    groups: ['cooking', 'toppings'],
  }),
  item('steak', 'mains', 'Steak frites', { variations: one('steak', '250 g', 29_90), groups: ['cooking', 'pairing'] }),
  item('mussels', 'mains', 'Mussels', { variations: one('mussels', 'Pot', 21_40) }),
  item('poutine', 'mains', 'Poutine', {
    variations: [
      ...one('poutine', 'Small', 9_95, { size: 'small' }),
      ...one('poutine_large', 'Large', 13_95, { size: 'large' }),
    ],
    groups: ['extras'],
  }),
  item('brulee', 'desserts', 'Crème brûlée', { variations: one('brulee', 'One', 8_95) }),
  item('tart', 'desserts', 'Maple tart', { variations: one('tart', 'Slice', 7_45) }),
  item('coffee', 'drinks', 'Coffee', { variations: one('coffee', 'Cup', 3_25), groups: ['milk'] }),
  item('lemonade', 'drinks', 'Lemonade', { variations: one('lemonade', 'Glass', 4_50) }),
  item('beer', 'drinks', 'Blonde beer', {
    variations: one('beer', 'Pint', 8_50, { happyHour: 6_00 }),
    taxes: ALCOHOL,
  }),
  item('wine', 'drinks', 'Red wine', { variations: one('wine', 'Glass', 11_00, { happyHour: 7_99 }), taxes: ALCOHOL }),
  item('lunch', 'menus', 'Lunch menu', { variations: one('lunch', 'Three courses', 24_00, { slots: lunch }) }),
  item('evening', 'menus', 'Table d’hôte', { variations: one('evening', 'Four courses', 43_00, { slots: evening }) }),
];

export interface Modifier {
  readonly code: string;
  readonly name: string;
  readonly price: number;
  /** Taxes of its own; taxed with its item where it has none. */
  readonly taxes?: readonly TaxRule[];
}

export interface Group {
  readonly code: string;
  readonly name: string;
  readonly min: number;
  readonly max: number | null;
  readonly modifiers: readonly Modifier[];
  /** What the first, the second, … choice costs instead of its own price, by the size of the item. */
  readonly sequence?: readonly Readonly<Record<'small' | 'large', number>>[];
  readonly asked?: readonly PreModifier[];
}

/** A way of asking for a choice: `rate` is how much of its price it costs, in parts per million. */
export interface PreModifier {
  readonly code: string;
  readonly name: string;
  readonly rate: number;
  readonly counts: boolean;
}

export const GROUPS: readonly Group[] = [
  {
    code: 'cooking',
    name: 'How is it cooked?',
    min: 1,
    max: 1,
    modifiers: [
      { code: 'rare', name: 'Rare', price: 0 },
      { code: 'medium', name: 'Medium', price: 0 },
    ],
  },
  {
    code: 'toppings',
    name: 'On the burger',
    min: 0,
    max: null,
    modifiers: [
      { code: 'onions', name: 'Onions', price: 0 },
      { code: 'cheese', name: 'Cheese', price: 1_75 },
      { code: 'bacon', name: 'Bacon', price: 2_25 },
    ],
    asked: [
      { code: 'no', name: 'No', rate: 0, counts: false },
      { code: 'extra', name: 'Extra', rate: 2_000_000, counts: true },
      { code: 'half', name: 'Half', rate: 500_000, counts: true },
    ],
  },
  {
    code: 'extras',
    name: 'On the poutine',
    min: 0,
    max: 3,
    modifiers: [
      { code: 'mushrooms', name: 'Mushrooms', price: 0 },
      { code: 'peppers', name: 'Peppers', price: 0 },
      { code: 'smoked_meat', name: 'Smoked meat', price: 0 },
    ],
    sequence: [
      { small: 0, large: 0 },
      { small: 1_25, large: 1_75 },
    ],
  },
  {
    code: 'pairing',
    name: 'Something with it?',
    min: 0,
    max: 1,
    modifiers: [{ code: 'pairing', name: 'A glass of Cahors', price: 9_50, taxes: ALCOHOL }],
  },
  {
    code: 'milk',
    name: 'Milk?',
    min: 0,
    max: 1,
    modifiers: [{ code: 'oat', name: 'Oat milk', price: 65 }],
  },
];

/** What somebody may have by a code, or for points. */
export const OFFERS = {
  welcome: { name: 'Welcome', code: 'WELCOME10', gives: { kind: 'percent', rate: 100_000 }, category: null },
  sweets: {
    name: 'Two sweets for one',
    code: 'SWEET2',
    gives: { kind: 'bundle', buy: 1, free: 1 },
    category: 'desserts',
  },
  fiver: {
    name: 'Five off',
    code: 'FIVER',
    gives: { kind: 'fixed', amount: { amount: 5_00, currency: CURRENCY } },
    category: null,
  },
} as const;

/** A coffee for points. */
export const REWARD = { name: 'A coffee on the house', points: 100, item: 'coffee' } as const;
/** What every known guest begins with. */
export const WELCOME_POINTS = 1_000;

export const STAFF = {
  amelie: { name: 'Amélie', role: 'waiter' },
  bruno: { name: 'Bruno', role: 'waiter' },
  chef: { name: 'Chantal', role: 'manager' },
} as const;

export const VARIATIONS: ReadonlyMap<string, { item: Item; variation: Variation }> = new Map(
  ITEMS.flatMap((each) => each.variations.map((variation) => [variation.code, { item: each, variation }] as const)),
);
export const MODIFIERS: ReadonlyMap<string, { group: Group; modifier: Modifier }> = new Map(
  GROUPS.flatMap((group) => group.modifiers.map((modifier) => [modifier.code, { group, modifier }] as const)),
);
