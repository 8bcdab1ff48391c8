import type { Comanda, Location, ProblemCode } from '@comanda/client';
import { unlessMade } from '../replay/unless-made.js';
import {
  ALCOHOL,
  CATEGORIES,
  CHARGES,
  COIN,
  CURRENCY,
  FOOD,
  GROUPS,
  HAPPY_HOUR,
  type Item,
  ITEMS,
  OFFERS,
  REWARD,
  STAFF,
  TAXES,
  type TaxRule,
  TIME_ZONE,
  WELCOME_POINTS,
} from './bistro.js';
import { GUESTS, type Season } from './plan.js';
import { type NameIds, seasonIds } from './season-ids.js';
import { onceHeard } from './waiting.js';

/** A restaurant that is open: what its visits need to know of it. */
export interface Restaurant {
  readonly location: Location;
  readonly menuHash: string;
  readonly ids: NameIds;
  /** What guests say to have an offer: of this restaurant alone. */
  readonly codeOf: (offer: keyof typeof OFFERS) => string;
}

/** Opens the restaurant of a season through the API: place, staff, menu, offers, known guests. Harmless to repeat. */
export async function openRestaurant(api: Comanda, season: Season): Promise<Restaurant> {
  const opening = new Opening(api, season);
  const location = await opening.place();
  await opening.staff();
  await opening.rules();
  await opening.menu();
  await opening.offers();
  await opening.guests();
  const menuHash = await opening.publish();
  return { location, menuHash, ids: opening.ids, codeOf: (offer) => opening.codeOf(offer) };
}

class Opening {
  readonly ids: NameIds;
  readonly #locationId: string;

  constructor(
    private readonly api: Comanda,
    private readonly season: Season,
  ) {
    this.ids = seasonIds(season);
    this.#locationId = this.ids('location');
  }

  async place(): Promise<Location> {
    const { seed, visits } = this.season;
    await this.#make(() =>
      this.api.POST('/v1/identity/locations', {
        body: {
          id: this.#locationId,
          name: `Bistro Orléans (season ${seed}, ${visits} visits)`,
          currency: CURRENCY,
          timeZone: TIME_ZONE,
          jurisdiction: { code: 'CA-QC' },
          cashRounding: { step: COIN, mode: 'half-up' },
          platformFee: { rate: 10_000, fixed: 10 },
          policies: { voidAfterSend: 'approved' },
        },
      }),
    );
    const path = { locationId: this.#locationId };
    return (await this.api.GET('/v1/identity/locations/{locationId}', { path })).data;
  }

  async staff(): Promise<void> {
    for (const [code, { name, role }] of Object.entries(STAFF))
      await this.#make(() =>
        this.api.POST('/v1/identity/staff', {
          body: { id: this.ids('staff', code), name, role, locationIds: [this.#locationId] },
        }),
      );
  }

  /** Taxes, service charges and the happy hour. */
  async rules(): Promise<void> {
    const locationIds = [this.#locationId];
    for (const [position, [code, tax]] of Object.entries(TAXES).entries())
      await this.#make(() =>
        this.api.POST('/v1/catalog/taxes', {
          body: {
            ...tax,
            serviceTypes: tax.serviceTypes && [...tax.serviceTypes],
            id: this.ids('tax', code),
            byDefault: FOOD.includes(tax),
            position,
            locationIds,
          },
        }),
      );
    const { party, delivery } = CHARGES;
    const charge = ({ name, rate, minimumCovers, serviceType }: typeof party | typeof delivery) => ({
      id: this.ids('charge', name),
      name,
      rate,
      minimumCovers,
      serviceTypes: [serviceType],
      locationIds,
    });
    await this.#make(() =>
      this.api.POST('/v1/catalog/service-charges', {
        body: {
          ...charge(party),
          phase: 'subtotal',
          taxIds: this.#taxIds(FOOD),
        },
      }),
    );
    await this.#make(() =>
      this.api.POST('/v1/catalog/service-charges', { body: { ...charge(delivery), phase: 'total', taxIds: [] } }),
    );
    await this.#make(() =>
      this.api.POST('/v1/catalog/schedules', {
        body: {
          id: this.ids('happy hour'),
          name: 'Happy hour',
          windows: [HAPPY_HOUR],
        },
      }),
    );
  }

  async menu(): Promise<void> {
    await this.#each(Object.entries(CATEGORIES), ([code, station], position) =>
      this.#make(() =>
        this.api.POST('/v1/catalog/categories', {
          body: { id: this.ids('category', code), name: { en: code }, station, position },
        }),
      ),
    );
    await this.#each(GROUPS, ({ code, name, min, max, modifiers, sequence = [], asked = [] }) =>
      this.#make(() =>
        this.api.POST('/v1/catalog/modifier-groups', {
          body: {
            id: this.ids('group', code),
            name: { en: name },
            min,
            max,
            modifiers: modifiers.map((modifier) => ({
              id: this.ids('modifier', modifier.code),
              name: { en: modifier.name },
              prices: { [CURRENCY]: modifier.price },
              taxIds: modifier.taxes ? this.#taxIds(modifier.taxes) : null,
            })),
            sequencePrices: sequence.map(({ small, large }) => ({
              prices: { [CURRENCY]: small },
              sizePrices: [{ size: 'large', prices: { [CURRENCY]: large } }],
            })),
            preModifiers: asked.map(({ name: called, ...way }) => ({ ...way, name: { en: called } })),
          },
        }),
      ),
    );
    const [single, combos] = [ITEMS.filter(isSingle), ITEMS.filter((item) => !isSingle(item))];
    await this.#each(single, (item, at) => this.#draft(item, at));
    await this.#each(combos, (item, at) => this.#draft(item, single.length + at));
    const path = { locationId: this.#locationId };
    const sold = new Set<string>();
    for await (const { itemId } of this.api.all('/v1/catalog/locations/{locationId}/overrides', { path }))
      sold.add(itemId);
    const wanted = ITEMS.map(({ code }) => this.ids('item', code)).filter((id) => !sold.has(id));
    await this.#each(wanted, (itemId) =>
      this.api.PUT('/v1/catalog/locations/{locationId}/overrides/{itemId}', {
        path: { ...path, itemId },
        body: { present: true },
      }),
    );
  }

  /** Sold here alone: the chain's other places have other currencies. */
  #draft({ code, name, category, taxes, groups, variations }: Item, position: number): Promise<void> {
    return this.#make(() =>
      this.api.POST('/v1/catalog/items', {
        body: {
          id: this.ids('item', code),
          name: { en: name },
          categoryId: this.ids('category', category),
          position,
          present: false,
          taxIds: taxes === ALCOHOL ? this.#taxIds(taxes) : null,
          modifierGroupIds: groups.map((group) => this.ids('group', group)),
          variations: variations.map(({ code: variation, name: called, price, happyHour, size, slots = [] }) => ({
            id: this.ids('variation', variation),
            name: { en: called },
            prices: { [CURRENCY]: price },
            size: size ?? null,
            timedPrices:
              happyHour === undefined
                ? []
                : [{ scheduleId: this.ids('happy hour'), prices: { [CURRENCY]: happyHour } }],
            slots: slots.map(({ code: slot, choices }) => ({
              code: slot,
              name: { en: slot },
              choices: Object.entries(choices).map(([choice, surcharge]) => ({
                variationId: this.ids('variation', choice),
                surcharges: surcharge > 0 ? { [CURRENCY]: surcharge } : {},
              })),
            })),
          })),
        },
      }),
    );
  }

  async offers(): Promise<void> {
    const here = { locationIds: [this.#locationId] };
    for (const [code, { name, gives, category }] of Object.entries(OFFERS))
      await this.#make(() =>
        this.api.POST('/v1/loyalty/coupons', {
          body: {
            id: this.ids('coupon', code),
            name,
            gives,
            codes: [this.codeOf(code as keyof typeof OFFERS)],
            conditions: { ...here, categoryIds: category === null ? [] : [this.ids('category', category)] },
          },
        }),
      );
    const { name, points, item } = REWARD;
    await this.#make(() =>
      this.api.POST('/v1/loyalty/rewards', {
        body: {
          id: this.ids('reward'),
          name,
          points,
          gives: { kind: 'free_item', quantity: 1 },
          conditions: { ...here, itemIds: [this.ids('item', item)] },
        },
      }),
    );
  }

  codeOf(offer: keyof typeof OFFERS): string {
    return `${OFFERS[offer].code}-${this.#locationId.slice(0, 8)}`;
  }

  /** The guests who are known, each with some points to begin with. */
  async guests(): Promise<void> {
    await this.#each([...Array(GUESTS).keys()], async (guest) => {
      const id = this.ids('guest', guest);
      await this.#make(() => this.api.POST('/v1/loyalty/customers', { body: { id, name: `Guest ${guest + 1}` } }));
      const path = { customerId: id };
      if ((await this.api.GET('/v1/loyalty/customers/{customerId}', { path })).data.points > 0) return;
      // Who has spent all that they had was welcomed before.
      for await (const { reason } of this.api.all('/v1/loyalty/customers/{customerId}/points', { path }))
        if (reason === WELCOME) return;
      const key = `season-${this.ids('welcome', guest)}`;
      const body = { points: WELCOME_POINTS, reason: WELCOME };
      await this.api.POST('/v1/loyalty/customers/{customerId}/points', { key, path, body });
    });
  }

  /** The menu that the restaurant opened with; orders know it. */
  async publish(): Promise<string> {
    const path = { locationId: this.#locationId };
    const { data: menus } = await this.api.GET('/v1/catalog/locations/{locationId}/menus', {
      path,
      query: { limit: 1 },
    });
    const { hash } =
      menus.data[0] ?? (await this.api.POST('/v1/catalog/locations/{locationId}/publish', { path })).data;
    const lines = [{ variationId: this.ids('variation', 'soup') }];
    const body = { ...path, menuHash: hash, lines };
    await onceHeard(() => this.api.POST('/v1/orders/quote', { body }), MENU_UNKNOWN);
    return hash;
  }

  #taxIds(taxes: readonly TaxRule[]): string[] {
    return Object.entries(TAXES).flatMap(([code, tax]) => (taxes.includes(tax) ? [this.ids('tax', code)] : []));
  }

  /** Makes something unless it is there. A refusal is remembered with its key: each try has its own. */
  async #make(make: () => Promise<unknown>): Promise<void> {
    await unlessMade(onceHeard(make));
  }

  async #each<T>(things: readonly T[], work: (thing: T, at: number) => Promise<unknown>): Promise<void> {
    await Promise.all(things.map(work));
  }
}

const isSingle = ({ variations }: Item): boolean => variations.every(({ slots }) => slots === undefined);
const WELCOME = 'Welcome';
const MENU_UNKNOWN: ReadonlySet<ProblemCode> = new Set(['menu_unknown', 'menu_not_published', 'reference_unknown']);
