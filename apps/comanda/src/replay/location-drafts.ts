import { ApiProblem, type Category, type Comanda, type Item, type ItemOverride, type Location } from '@comanda/client';
import { type ChangedItem, drafting, type NewItem, type Priced } from './drafting.js';
import { finder, fold, namesOf } from './finder.js';
import { type NewOverride, overriding } from './overriding.js';

/** The chain's drafts, and what is different about them at one location, as far as a history changes them. */
export class LocationDrafts {
  readonly #items = new Map<string, Item>();
  readonly #overrides = new Map<string, ItemOverride>();
  readonly #categories: Category[] = [];
  #language = '';

  constructor(
    private readonly api: Comanda,
    private readonly location: Location,
  ) {}

  /**
   * Drafts that the location sells these things at these prices. Items that are new are sold at this location alone:
   * others may have another currency. Of two who draft at once the one who comes too late looks again.
   */
  async sell(priced: readonly Priced[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        if (this.#language === '') await this.#load();
        return await this.#draft(priced);
      } catch (error) {
        if (!(error instanceof ApiProblem) || !OVERTAKEN.has(error.code) || tries === TRIES) throw error;
        this.#language = '';
      }
    }
  }

  async #draft(priced: readonly Priced[]): Promise<void> {
    const { currency } = this.location;
    const { made, changed } = drafting(priced, [...this.#items.values()], { currency, language: this.#language });
    for (const category of new Set(made.map(({ category: name }) => name))) await this.#makeCategory(category);
    await allDone([...made.map((item) => this.#make(item)), ...changed.map((item) => this.#change(item))]);
    const drafts = [...this.#items.values()];
    const find = finder(drafts);
    const prices = new Map(priced.flatMap((thing) => [[find(thing)?.variation.id ?? '', thing.price] as const]));
    await allDone(overriding(drafts, this.#overrides, prices, currency).map((override) => this.#override(override)));
  }

  async #load(): Promise<void> {
    this.#items.clear();
    this.#overrides.clear();
    this.#categories.length = 0;
    for await (const item of this.api.all('/v1/catalog/items')) this.#items.set(item.id, item);
    for await (const category of this.api.all('/v1/catalog/categories')) this.#categories.push(category);
    const overrides = this.api.all('/v1/catalog/locations/{locationId}/overrides', {
      path: { locationId: this.location.id },
    });
    for await (const override of overrides) this.#overrides.set(override.itemId, override);
    const { data: organization } = await this.api.GET('/v1/identity/organization');
    this.#language = organization.languages[0] ?? 'en';
  }

  async #makeCategory(name: string | null): Promise<void> {
    if (name === null || this.#categoryNamed(name)) return;
    const body = { name: { [this.#language]: name } };
    this.#categories.push((await this.api.POST('/v1/catalog/categories', { body })).data);
  }

  #categoryNamed(name: string): Category | undefined {
    return this.#categories.find((category) => namesOf(category).has(fold(name)));
  }

  async #make({ name, category, variations }: NewItem): Promise<void> {
    const categoryId = category === null ? null : (this.#categoryNamed(category)?.id ?? null);
    const body = { name, categoryId, present: false, variations: [...variations] };
    const { data: item } = await this.api.POST('/v1/catalog/items', { body });
    this.#items.set(item.id, item);
  }

  async #change({ id, version, variations }: ChangedItem): Promise<void> {
    const { data: item } = await this.api.PATCH('/v1/catalog/items/{id}', {
      path: { id },
      body: { version, variations: [...variations] },
    });
    this.#items.set(item.id, item);
  }

  async #override({ itemId, version, ...said }: NewOverride): Promise<void> {
    const path = { locationId: this.location.id, itemId };
    const body = { ...said, ...(version !== undefined && { version }) };
    const { data } = await this.api.PUT('/v1/catalog/locations/{locationId}/overrides/{itemId}', { path, body });
    this.#overrides.set(itemId, data);
  }
}

/** Somebody else drafted meanwhile. */
const OVERTAKEN: ReadonlySet<string> = new Set(['version_stale', 'version_missing', 'sku_taken', 'not_found']);
const TRIES = 5;

/** Waits for all, also when one fails: nothing is still being written when another try begins. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(work)) if (end.status === 'rejected') throw end.reason;
}
