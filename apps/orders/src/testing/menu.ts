import { createHash } from 'node:crypto';
import type { Menu, NewLine } from '@comanda/contracts';
import { canonicalJson } from '@comanda/platform';

const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-${n.toString(16).padStart(12, '0')}`;

/** What is on the menu of these tests, by name. */
export const ON_THE_MENU = {
  margherita: id(0x11),
  margheritaSmall: id(0x12),
  margheritaLarge: id(0x13),
  ownPizza: id(0x21),
  ownPizzaRegular: id(0x22),
  beer: id(0x31),
  beerPint: id(0x32),
  crust: id(0x41),
  thin: id(0x42),
  stuffed: id(0x43),
  filling: id(0x51),
  mozzarella: id(0x52),
  vegan: id(0x53),
  toppings: id(0x61),
  olives: id(0x62),
  withoutCheese: id(0x63),
  salesTax: id(0x71),
  alcoholTax: id(0x72),
  service: id(0x81),
} as const;
const on = ON_THE_MENU;

const DEFAULTS = { locationId: id(1), currency: 'USD', pint: 600, salesTax: 100_000 };

/**
 * A menu: a margherita at 9.00 and 12.00, a pizza of one's own at 10.00 whose crust must be chosen, a pint at 6.00.
 * Food is taxed at 10 % and beer at 20 %, on top. From eight guests on there is a service charge of 10 %.
 */
export function menu(change: Partial<typeof DEFAULTS> = {}): Menu {
  const { locationId, currency, pint, salesTax } = { ...DEFAULTS, ...change };
  const tax = { inclusive: false, compounds: false, joinsBase: false, serviceTypes: null };
  const item = { categoryId: null, description: null, pictures: [], modifierGroupIds: [] };
  const variation = (variationId: string, name: string, price: number) => ({
    id: variationId,
    name: { en: name },
    sku: null,
    price,
  });
  const modifier = (modifierId: string, name: string, price: number, modifierGroupIds: string[] = []) => ({
    id: modifierId,
    name: { en: name },
    price,
    taxIds: null,
    modifierGroupIds,
  });
  return seal({
    locationId,
    currency,
    timeZone: 'America/Chicago',
    languages: ['en', 'it'],
    jurisdiction: {
      code: 'US-IL',
      roundingMode: 'half-up',
      roundingLevel: 'line',
      step: 1,
      inclusiveTarget: 'tax',
    },
    cashRounding: null,
    categories: [],
    items: [
      {
        ...item,
        id: on.margherita,
        name: { en: 'Margherita', it: 'Margherita' },
        taxIds: [on.salesTax],
        variations: [variation(on.margheritaSmall, 'S', 900), variation(on.margheritaLarge, 'L', 1200)],
      },
      {
        ...item,
        id: on.ownPizza,
        name: { en: 'Your own pizza' },
        taxIds: [on.salesTax],
        modifierGroupIds: [on.crust, on.toppings],
        variations: [variation(on.ownPizzaRegular, 'Regular', 1000)],
      },
      {
        ...item,
        id: on.beer,
        name: { en: 'Beer' },
        taxIds: [on.alcoholTax],
        variations: [variation(on.beerPint, 'Pint', pint)],
      },
    ],
    modifierGroups: [
      {
        id: on.crust,
        name: { en: 'Crust' },
        min: 1,
        max: 1,
        modifiers: [modifier(on.thin, 'Thin', 0), modifier(on.stuffed, 'Stuffed', 200, [on.filling])],
      },
      {
        id: on.filling,
        name: { en: 'Filling' },
        min: 1,
        max: 1,
        modifiers: [modifier(on.mozzarella, 'Mozzarella', 0), modifier(on.vegan, 'Vegan', 100)],
      },
      {
        id: on.toppings,
        name: { en: 'Toppings' },
        min: 0,
        max: 3,
        modifiers: [modifier(on.olives, 'Olives', 150), modifier(on.withoutCheese, 'Without cheese', -500)],
      },
    ],
    taxes: [
      { ...tax, id: on.salesTax, name: 'Sales tax', rate: salesTax },
      { ...tax, id: on.alcoholTax, name: 'Alcohol tax', rate: 200_000 },
    ],
    serviceCharges: [
      {
        id: on.service,
        name: 'Large party',
        rate: 100_000,
        phase: 'subtotal',
        minimumCovers: 8,
        taxIds: [],
        serviceTypes: ['dine_in'],
      },
    ],
  });
}

/** Gives a menu its address, as catalog does. */
export function seal(content: Omit<Menu, 'hash'>): Menu {
  return { ...content, hash: createHash('sha256').update(canonicalJson(content)).digest('hex') };
}

/** A line as it is sent, with what the schema would fill in. */
export const line = (variationId: string, more: Partial<NewLine> = {}): NewLine => ({
  variationId,
  quantity: 1,
  modifiers: [],
  components: [],
  discounts: [],
  seat: null,
  note: null,
  ...more,
});
