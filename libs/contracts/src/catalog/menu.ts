import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { defineEvent } from '../event.js';
import { CashRounding, Jurisdiction } from '../identity.js';
import { Page, PageQuery } from '../paging.js';
import {
  Amount,
  Code,
  Currency,
  Id,
  Instant,
  PositiveAmount,
  Rate,
  ServiceType,
  Texts,
  Version,
  MenuHash,
} from '../primitives.js';
import { MenuSlots } from './combos.js';
import { PreModifiers } from './prices.js';
import { TimeWindow } from './schedules.js';

// ── The published menu: what orders, tills and phones sell from ──

/** A picture is a reference, never bytes: its content hash and the sizes it exists in. */
export const Picture = z
  .strictObject({
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    alt: Texts.nullable().default(null),
    widths: z.array(z.int().min(1).max(10_000)).max(10).default([]),
  })
  .meta({ id: 'Picture' });

/** What is in food, for those who must know or want to: of an item, or of a choice by itself. */
export const Nutrition = z
  .strictObject({
    allergens: z
      .array(Code)
      .max(30)
      .default([])
      .meta({ description: 'What it contains, such as `gluten`, `milk`, `tree_nuts`.' }),
    diets: z.array(Code).max(20).default([]).meta({ description: 'Whom it suits, such as `vegan`, `halal`.' }),
    calories: z.int().min(0).max(100_000).nullable().default(null).meta({ description: 'Kilocalories of one.' }),
  })
  .meta({ id: 'Nutrition' });

/** A tax, as `libs/pricing` computes it. */
export const MenuTax = z
  .object({
    id: Id,
    name: z.string(),
    rate: Rate,
    inclusive: z.boolean().meta({ description: 'It is in the price already.' }),
    compounds: z.boolean().meta({ description: 'Taken on the price plus the taxes that joined the base before it.' }),
    joinsBase: z.boolean().meta({ description: 'Its amount joins the base of the taxes after it.' }),
    serviceTypes: z.array(ServiceType).nullable().meta({ description: 'Applies to these alone; null for all.' }),
  })
  .meta({ id: 'MenuTax' });

export const MenuVariation = z
  .object({
    id: Id,
    name: Texts,
    sku: z.string().nullable(),
    price: PositiveAmount.meta({ description: 'Minor units of the menu’s currency.' }),
    size: Code.optional().meta({ description: 'What choices with prices by size go by.' }),
    timedPrices: z
      .array(z.object({ scheduleId: Id, price: PositiveAmount }).meta({ id: 'MenuTimedPrice' }))
      .optional()
      .meta({ description: 'Instead of the price: the first whose time it was when the line was ordered.' }),
    slots: MenuSlots.optional(),
  })
  .meta({ id: 'MenuVariation' });

const MenuSizePrices = z.array(z.object({ size: Code, price: Amount }).meta({ id: 'MenuSizePrice' })).optional();

export const MenuModifier = z
  .object({
    id: Id,
    name: Texts,
    price: Amount,
    nutrition: Nutrition.optional(),
    sizePrices: MenuSizePrices.meta({ description: 'Instead of the price in these sizes of the item.' }),
    taxIds: z.array(Id).nullable().meta({ description: 'Taxes of its own; null for those of the item.' }),
    modifierGroupIds: z.array(Id),
  })
  .meta({ id: 'MenuModifier' });

export const MenuModifierGroup = z
  .object({
    id: Id,
    name: Texts,
    min: z.int().min(0),
    max: z.int().min(1).nullable(),
    sequencePrices: z
      .array(z.object({ price: Amount, sizePrices: MenuSizePrices }).meta({ id: 'MenuSequencePrice' }))
      .optional()
      .meta({
        description: 'What the first, the second, … choice costs instead of its own price; the last for all after it.',
      }),
    preModifiers: PreModifiers.optional(),
    modifiers: z.array(MenuModifier),
  })
  .meta({ id: 'MenuModifierGroup' });

export const MenuItem = z
  .object({
    id: Id,
    categoryId: Id.nullable(),
    name: Texts,
    description: Texts.nullable(),
    pictures: z.array(Picture),
    taxIds: z.array(Id),
    modifierGroupIds: z.array(Id),
    nutrition: Nutrition.optional(),
    station: Code.optional().meta({ description: 'Where the kitchen makes it.' }),
    scheduleId: Id.optional().meta({ description: 'When it can be ordered; at all times when it is left out.' }),
    variations: z.array(MenuVariation),
  })
  .meta({ id: 'MenuItem' });

export const MenuCategory = z.object({ id: Id, name: Texts, position: z.int() }).meta({ id: 'MenuCategory' });

/** Times of the week by the clock of the location's time zone. */
export const MenuSchedule = z
  .object({ id: Id, name: z.string(), windows: z.array(TimeWindow) })
  .meta({ id: 'MenuSchedule' });

/** What a service charge is a share of. */
export const ChargeBase = z.enum(['pre_discount', 'post_discount']).meta({
  id: 'ChargeBase',
  description: 'Prices before or after discounts; after them, unless it says so.',
});

/** What a fixed service charge is taken for. */
export const ChargePer = z.enum(['order', 'cover']).meta({
  id: 'ChargePer',
  description: 'Once an order, or for each guest; where nobody counted the guests, not at all.',
});

/** A service charge, as `libs/pricing` computes it. */
export const MenuServiceCharge = z
  .object({
    id: Id,
    name: z.string(),
    rate: Rate,
    phase: z.enum(['subtotal', 'total']),
    minimumCovers: z.int().min(1).nullable(),
    base: ChargeBase.optional(),
    fixed: z
      .object({ amount: PositiveAmount.meta({ description: 'Minor units of the menu’s currency.' }), per: ChargePer })
      .meta({ id: 'MenuFixedCharge' })
      .optional()
      .meta({ description: 'Instead of a share: the rate is then zero.' }),
    taxIds: z.array(Id),
    serviceTypes: z.array(ServiceType).nullable(),
  })
  .meta({ id: 'MenuServiceCharge' });

/** A location's menu as it was published: it never changes, and its hash is its address. Everything that pricing needs is in it. */
export const Menu = z
  .object({
    hash: MenuHash,
    locationId: Id,
    currency: Currency,
    timeZone: z.string(),
    languages: z.array(z.string()),
    jurisdiction: Jurisdiction,
    cashRounding: CashRounding.nullable(),
    categories: z.array(MenuCategory),
    items: z.array(MenuItem),
    modifierGroups: z.array(MenuModifierGroup),
    taxes: z.array(MenuTax),
    serviceCharges: z.array(MenuServiceCharge),
    schedules: z.array(MenuSchedule).optional().meta({ description: 'Those that something on the menu names.' }),
  })
  .meta({ id: 'Menu' });
export type Menu = z.infer<typeof Menu>;

// ── Publishing and reading ──

/** Which menu a location sells from, without the menu itself. */
export const MenuMetadata = z
  .object({
    locationId: Id,
    hash: MenuHash,
    menuVersion: Version.meta({ description: '1 for the first menu of the location, one more with every change.' }),
    publishedAt: Instant,
    items: z.int().min(0).meta({ description: 'How many items are on it.' }),
  })
  .meta({ id: 'MenuMetadata' });
export type MenuMetadata = z.infer<typeof MenuMetadata>;

/** Something that was left out of a menu, and why. */
export const PublicationWarning = z
  .object({
    pointer: z.string().meta({ description: 'JSON pointer to it: `/locations/{id}/items/{id}/variations/{id}/…`.' }),
    detail: z.string(),
  })
  .meta({ id: 'PublicationWarning' });

/** What publishing led to. */
export const Publication = MenuMetadata.extend({
  changed: z.boolean().meta({ description: 'False when the menu on sale already said the same.' }),
  warnings: z
    .array(PublicationWarning)
    .optional()
    .meta({ description: 'What is not sold here because it has no price in the location’s currency: the first 50.' }),
}).meta({ id: 'Publication' });
export type Publication = z.infer<typeof Publication>;

const LocationParams = z.strictObject({ locationId: Id });

export const PublishMenu = defineEndpoint({
  id: 'publishMenu',
  method: 'POST',
  path: '/v1/catalog/locations/{locationId}/publish',
  summary: 'Makes the drafts the menu that a location sells from.',
  description:
    'Nothing is published unless all of it can be. What has no price in the location’s currency is not sold there, and `warnings` names it. A menu that says what the present one says is not published again.',
  scope: 'catalog:write',
  params: LocationParams,
  idempotent: true,
  status: 200,
  answer: Publication,
  refusals: ['draft_invalid'],
});

export const PublishMenus = defineEndpoint({
  id: 'publishMenus',
  method: 'POST',
  path: '/v1/catalog/publish',
  summary: 'Makes the drafts the menu of every location: of all of them, or of none.',
  description:
    'What has no price in a location’s currency is not sold there: the publication of that location names it in `warnings`.',
  scope: 'catalog:write',
  idempotent: true,
  status: 200,
  answer: z.object({ publications: z.array(Publication) }).meta({ id: 'Publications' }),
  refusals: ['draft_invalid'],
});

export const ReadMenu = defineEndpoint({
  id: 'readMenu',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/menu',
  summary: 'The menu that a location sells from now.',
  description:
    'With `without` it is the part of the menu, under the same hash, that can be eaten without these allergens: items and choices that contain them are left out, and so are items that cannot be ordered without such a choice. With `Accept-Language` each text comes in one language alone: the dearest that it exists in, else the organization’s first, else any. Without that header, or with `*`, all of them come.',
  scope: 'catalog:read',
  hot: true,
  params: LocationParams,
  query: z.strictObject({
    without: z
      .string()
      .max(300)
      .regex(/^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$/)
      .optional()
      .meta({ description: 'Allergens, separated by commas: `gluten,milk`.' }),
  }),
  cached: true,
  answer: Menu,
  refusals: ['menu_not_published'],
});

/** What publishing would lead to. */
export const MenuPreview = z
  .object({
    changed: z.boolean().meta({ description: 'False when publishing would change nothing.' }),
    menu: Menu,
    faults: z.array(PublicationWarning).meta({
      description: 'What keeps the drafts from being published; while there is something, the menu is not whole.',
    }),
    warnings: z
      .array(PublicationWarning)
      .meta({ description: 'What would not be sold here because it has no price in the location’s currency.' }),
  })
  .meta({ id: 'MenuPreview' });
export type MenuPreview = z.infer<typeof MenuPreview>;

export const PreviewMenu = defineEndpoint({
  id: 'previewMenu',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/menu/preview',
  summary: 'The menu that the drafts would make, and what keeps them from being published. Nothing is changed.',
  scope: 'catalog:read',
  params: LocationParams,
  answer: MenuPreview,
});

export const ReadMenuMetadata = defineEndpoint({
  id: 'readMenuMetadata',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/menu/metadata',
  summary: 'Which menu a location sells from now: a cheap way to ask whether it changed.',
  scope: 'catalog:read',
  hot: true,
  params: LocationParams,
  cached: true,
  answer: MenuMetadata,
  refusals: ['menu_not_published'],
});

export const ListMenus = defineEndpoint({
  id: 'listMenus',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/menus',
  summary: 'The menus that a location sold from, oldest first; the last is on sale.',
  scope: 'catalog:read',
  params: LocationParams,
  query: PageQuery,
  answer: Page('MenuPage', MenuMetadata),
});

export const ReadMenuByHash = defineEndpoint({
  id: 'readMenuByHash',
  method: 'GET',
  path: '/v1/catalog/locations/{locationId}/menus/{hash}',
  summary: 'A menu that a location sells from, or once did. It never changes.',
  scope: 'catalog:read',
  params: LocationParams.extend({ hash: MenuHash }),
  cached: true,
  answer: Menu,
});

// ── Events ──

export const MenuPublished = defineEvent('comanda.menu.published.v1', {
  service: 'catalog',
  summary: 'A location has a new menu. Fetch it by its hash; it never changes.',
  subject: 'locationId',
  data: z.object({ locationId: Id, hash: z.string(), menuVersion: Version, publishedAt: Instant, items: z.int() }),
  example: {
    locationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    menuVersion: 3,
    publishedAt: '2026-03-06T10:00:00.000Z',
    items: 32,
  },
});
