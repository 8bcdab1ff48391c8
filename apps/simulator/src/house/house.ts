import { createHash } from 'node:crypto';
import { inventory } from '@comanda/inventory';
import { loyalty } from '@comanda/loyalty';
import { orders } from '@comanda/orders';
import { payments } from '@comanda/payments';
import { canonicalJson, newId } from '@comanda/platform';
import type { ServiceDefinition } from '@comanda/service';
import type { Backends } from '../database/backends.js';

/** The services of the selling path. */
export const SELLING: readonly ServiceDefinition[] = [orders, payments, inventory, loyalty];

/** What a seed's organization has before it opens. */
export interface House {
  readonly organizationId: string;
  readonly locationId: string;
  /** What is on the menu: the variation, its price in minor units, and what one takes off the shelf. */
  readonly dishes: readonly Dish[];
  readonly customers: readonly string[];
}

export interface Dish {
  readonly variationId: string;
  readonly price: number;
  readonly stockItemId: string;
  /** Pieces that one takes off the shelf. */
  readonly takes: number;
}

/** Furnishes a new organization with a location, a menu, recipes and customers. Call it in a process of its world. */
export async function furnish(backends: Backends, databaseOf: (service: string) => string): Promise<House> {
  const [organizationId, locationId] = [newId(), newId()];
  const dishes = PRICES.map((price, at) => ({
    variationId: newId(),
    itemId: newId(),
    price,
    stockItemId: newId(),
    takes: at + 1,
  }));
  const customers = [newId(), newId()];
  const insert = (service: string, table: string, rows: readonly object[]): Promise<unknown> => {
    const columns = Object.keys(rows[0] ?? {})
      .map((name) => `"${name}"`)
      .join(', ');
    return backends.administer(
      databaseOf(service),
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  };
  const of = { organization_id: organizationId };
  const before = new Date(Date.now() - 3_600_000).toISOString();
  for (const { name } of SELLING) {
    await insert(name, 'known_organizations', [{ ...of, name: 'Chain', mode: 'test', languages: ['en'], version: 1 }]);
    await insert(name, 'known_locations', [{ ...of, id: locationId, ...LOCATION }]);
  }
  const menu = menuOf(locationId, dishes);
  await insert('orders', 'published_menus', [
    {
      ...of,
      location_id: locationId,
      hash: menu.hash,
      version: 1,
      published_at: before,
      body: menu,
      tries: 0,
      next_try_at: before,
    },
  ]);
  const times = { created_at: before, updated_at: before, version: 1 };
  const recipes = dishes.map((dish) => ({ id: newId(), ...dish }));
  await insert(
    'inventory',
    'stock_items',
    dishes.map(({ stockItemId: id }) => ({ ...of, id, name: 'Dough', unit: 'piece', ...times })),
  );
  await insert('inventory', 'recipe_books', [{ ...of, version: 1 }]);
  await insert(
    'inventory',
    'recipes',
    recipes.map(({ id, itemId, variationId }) => ({
      ...of,
      id,
      of: 'variation',
      item_id: itemId,
      subject_id: variationId,
      created_at: before,
    })),
  );
  await insert(
    'inventory',
    'recipe_versions',
    recipes.map(({ id, stockItemId, takes }) => ({
      ...of,
      recipe_id: id,
      version: 1,
      effective_from: before,
      components: [{ stockItemId, quantity: takes, unit: 'piece' }],
      recorded_at: before,
    })),
  );
  await insert(
    'loyalty',
    'customers',
    customers.map((id) => ({ ...of, id, wrapped_key: '\\x00', particulars: '\\x00', points: 0, ...times, version: 0 })),
  );
  return { organizationId, locationId, dishes, customers };
}

/** Prices at which taxes and shares do not come out even. */
const PRICES = [333, 1_250, 899];

const LOCATION = {
  name: 'Harbour',
  currency: 'USD',
  time_zone: 'UTC',
  closing_hour: 4,
  jurisdiction: { code: 'US-IL', roundingMode: 'half-up', roundingLevel: 'line', step: 1, inclusiveTarget: 'tax' },
  cash_rounding: null,
  platform_fee: { rate: 10_000, fixed: 10 },
  policies: null,
  version: 1,
};

function menuOf(locationId: string, dishes: readonly (Dish & { readonly itemId: string })[]) {
  const taxId = newId();
  const content = {
    locationId,
    currency: LOCATION.currency,
    timeZone: LOCATION.time_zone,
    languages: ['en'],
    jurisdiction: LOCATION.jurisdiction,
    cashRounding: null,
    categories: [],
    items: dishes.map(({ itemId, variationId, price }) => ({
      id: itemId,
      name: { en: 'Pizza' },
      categoryId: null,
      description: null,
      pictures: [],
      modifierGroupIds: [],
      taxIds: [taxId],
      variations: [{ id: variationId, name: { en: 'S' }, sku: null, price }],
    })),
    modifierGroups: [],
    taxes: [
      {
        id: taxId,
        name: 'Sales tax',
        rate: 88_750,
        inclusive: false,
        compounds: false,
        joinsBase: false,
        serviceTypes: null,
      },
    ],
    serviceCharges: [],
  };
  return { ...content, hash: createHash('sha256').update(canonicalJson(content)).digest('hex') };
}
