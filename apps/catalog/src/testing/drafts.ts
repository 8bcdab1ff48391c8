import type { Category, Item, ModifierGroup, Schedule, ServiceCharge, Tax } from '@comanda/contracts';
import type { Draft, Drafted, Layer, Override, Place } from '../menus/draft.js';

/** An id that reads: the same word, by its first six letters, is the same id. */
export const idOf = (word: string): string =>
  `0199a1b2-7c3d-7e4f-8a5b-${Buffer.from(word.padEnd(6, '.')).toString('hex').slice(0, 12)}`;

export const category = (name: string, facts: Partial<Category> = {}): Drafted<Category> => ({
  id: idOf(name),
  name: { en: name },
  position: 0,
  ...facts,
});

export const item = (name: string, facts: Partial<Item> = {}): Drafted<Item> => ({
  id: idOf(name),
  name: { en: name },
  description: null,
  pictures: [],
  categoryId: null,
  position: 0,
  present: true,
  taxIds: null,
  modifierGroupIds: [],
  variations: [variation(`${name.slice(0, 5)}1`, { USD: 12_00, EUR: 11_00 })],
  ...facts,
});

export const variation = (name: string, prices: Record<string, number>): Item['variations'][number] => ({
  id: idOf(name),
  name: { en: name },
  sku: null,
  prices,
});

export const group = (name: string, facts: Partial<ModifierGroup> = {}): Drafted<ModifierGroup> => ({
  id: idOf(name),
  name: { en: name },
  min: 0,
  max: null,
  modifiers: [],
  ...facts,
});

export const choice = (
  name: string,
  facts: Partial<ModifierGroup['modifiers'][number]> = {},
): ModifierGroup['modifiers'][number] => ({
  id: idOf(name),
  name: { en: name },
  prices: {},
  taxIds: null,
  modifierGroupIds: [],
  ...facts,
});

export const tax = (name: string, facts: Partial<Tax> = {}): Drafted<Tax> => ({
  id: idOf(name),
  name,
  rate: 100_000,
  inclusive: false,
  compounds: false,
  joinsBase: false,
  serviceTypes: null,
  locationIds: null,
  byDefault: true,
  position: 0,
  ...facts,
});

export const charge = (name: string, facts: Partial<ServiceCharge> = {}): Drafted<ServiceCharge> => ({
  id: idOf(name),
  name,
  rate: 100_000,
  phase: 'subtotal',
  minimumCovers: null,
  taxIds: [],
  serviceTypes: null,
  locationIds: null,
  position: 0,
  ...facts,
});

export const draftOf = (parts: Partial<Draft>): Draft => ({
  categories: [],
  items: [],
  modifierGroups: [],
  taxes: [],
  serviceCharges: [],
  schedules: [],
  locationGroups: [],
  ...parts,
});

export const schedule = (name: string, windows: Schedule['windows']): Drafted<Schedule> => ({
  id: idOf(name),
  name,
  windows,
});

export const layer = (...overrides: Override[]): Layer =>
  new Map(overrides.map((override) => [override.itemId, override]));

export const override = (itemName: string, facts: Partial<Override>): Override => ({
  itemId: idOf(itemName),
  present: null,
  variations: [],
  ...facts,
});

export const chicago: Place = {
  locationId: idOf('chicag'),
  name: 'Chicago',
  currency: 'USD',
  timeZone: 'America/Chicago',
  languages: ['en', 'it'],
  jurisdiction: { code: 'US-IL', roundingMode: 'half-up', roundingLevel: 'line', step: 1, inclusiveTarget: 'tax' },
  cashRounding: null,
};

export const rome: Place = {
  ...chicago,
  locationId: idOf('rome'),
  name: 'Rome',
  currency: 'EUR',
  timeZone: 'Europe/Rome',
  jurisdiction: { ...chicago.jurisdiction, code: 'IT' },
};
