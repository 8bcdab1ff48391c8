import type { Menu, NewLine } from '@comanda/contracts';
import { line, menu, ON_THE_MENU as on, seal } from './menu.js';

const id = (n: number): string => `0199a1b2-7c3d-7e4f-8a5b-${n.toString(16).padStart(12, '0')}`;

/** A lunch at 13.00: a margherita or, for 1.50 more, a pizza of one's own; and a pint. */
export const LUNCH = { item: id(0x91), variation: id(0x92), schedule: id(0x93) } as const;

/** The usual menu with lunch on it. */
export function lunchMenu(
  change: (menu: Omit<Menu, 'hash'>) => Omit<Menu, 'hash'> = (same) => same,
  of: Parameters<typeof menu>[0] = {},
): Menu {
  const { hash: _, ...usual } = menu(of);
  const lunch = {
    id: LUNCH.item,
    categoryId: null,
    name: { en: 'Lunch' },
    description: null,
    pictures: [],
    taxIds: [],
    modifierGroupIds: [],
    variations: [
      {
        id: LUNCH.variation,
        name: { en: 'Weekday' },
        sku: null,
        price: 13_00,
        slots: [
          {
            code: 'main',
            name: { en: 'Main' },
            min: 1,
            max: 1,
            choices: [
              { variationId: on.margheritaSmall },
              { variationId: on.margheritaLarge },
              { variationId: on.ownPizzaRegular, surcharge: 1_50 },
            ],
          },
          { code: 'drink', name: { en: 'Drink' }, min: 1, max: 1, choices: [{ variationId: on.beerPint }] },
        ],
      },
    ],
  };
  return seal(change({ ...usual, items: [...usual.items, lunch] }));
}

type Chosen = Pick<NewLine['components'][number], 'slot' | 'variationId'> & Partial<NewLine['components'][number]>;

/** A lunch of these components, with what the schema would fill in. */
export const combo = (components: readonly Chosen[]): NewLine =>
  line(LUNCH.variation, { components: components.map((chosen) => ({ modifiers: [], note: null, ...chosen })) });

export const lunchWith = (main: string, drink: string): NewLine =>
  combo([
    { slot: 'main', variationId: main },
    { slot: 'drink', variationId: drink },
  ]);
