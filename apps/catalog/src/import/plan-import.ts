import type { Category, ImportResult, Item } from '@comanda/contracts';
import { formatDecimal } from '@comanda/money';
import type { Fault } from '@comanda/platform';
import type { Drafted } from '../menus/draft.js';
import { textIn } from '../menus/texts.js';
import type { SheetRow } from './read-sheet.js';

type Change = ImportResult['changes'][number];
type Variation = Item['variations'][number];

/** What a spreadsheet makes of the drafts: whole objects, as they are to be written, and what there is to say of it. */
export interface ImportPlan {
  readonly created: { readonly categories: readonly Drafted<Category>[]; readonly items: readonly Drafted<Item>[] };
  readonly changed: { readonly items: readonly Drafted<Item>[] };
  readonly changes: readonly Change[];
  readonly counts: Pick<ImportResult, 'categories' | 'items' | 'variations'>;
}

/** An object while the lines of a file are laid over it. */
interface InHand<T> {
  readonly value: T;
  /** Where the file first named it, and what it said there; a later line must not say something else. */
  readonly said: Map<string, { readonly line: number; readonly text: string }>;
  state: 'unchanged' | 'changed' | 'created';
}
type ItemInHand = InHand<Drafted<Item>> & { readonly variations: InHand<Variation>[] };
interface Found {
  readonly item: ItemInHand;
  readonly variation: InHand<Variation>;
}

/** What an item without variations is sold as. */
const REGULAR = 'Regular';
const MOST_VARIATIONS = 200;

/**
 * Lays the lines of a spreadsheet over the drafts. The same lines over what they led to lead to nothing.
 * @param language of the file's names
 * @param newId makes the ids of what the file brings, in its order
 */
export function planImport(
  rows: readonly SheetRow[],
  drafts: { categories: readonly Drafted<Category>[]; items: readonly Drafted<Item>[] },
  language: string,
  newId: () => string,
): { plan: ImportPlan; faults: Fault[] } {
  const faults: Fault[] = [];
  const planner = new Planner(drafts, language, newId);
  for (const row of rows) {
    try {
      planner.lay(row);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      faults.push({ pointer: `line/${row.line}/${error.column}`, detail: error.message });
    }
  }
  return { plan: planner.plan(), faults };
}

class RowFault extends Error {
  constructor(
    readonly column: 'sku' | 'item' | 'category' | 'variation' | 'price',
    detail: string,
  ) {
    super(detail);
  }
}

class Planner {
  readonly #categories: InHand<Drafted<Category>>[];
  readonly #items: ItemInHand[];
  readonly #categoryNamed = new Map<string, InHand<Drafted<Category>>>();
  readonly #itemsNamed = new Map<string, ItemInHand[]>();
  readonly #known = new Map<string, Found>();
  readonly #coded = new Map<string, Found>();
  readonly #changes: Change[] = [];

  constructor(
    drafts: { categories: readonly Drafted<Category>[]; items: readonly Drafted<Item>[] },
    private readonly language: string,
    private readonly newId: () => string,
  ) {
    this.#categories = drafts.categories.map((category) => inHand(category, 'unchanged'));
    for (const category of this.#categories) this.#categoryNamed.set(this.#key(category.value), category);
    this.#items = drafts.items.map((item) => itemInHand(item, 'unchanged'));
    for (const item of this.#items) this.#enter(item);
  }

  /** Lays one line over what there is. */
  lay(row: SheetRow): void {
    const found = this.#known.get(row.id ?? '') ?? this.#coded.get(row.sku ?? '');
    const item = found?.item ?? this.#itemNamed(row);
    if (found) this.#renameItem(item, row);
    if (row.category !== null) this.#moveTo(item, this.#categoryOf(item, row), row);
    const variation = found?.variation ?? this.#variationOf(item, row);
    if (found && row.variation !== null) this.#renameVariation(item, variation, row.variation, row);
    if (row.sku !== null) this.#code(item, variation, row.sku, row);
    this.#price(item, variation, row);
  }

  plan(): ImportPlan {
    const items = this.#items.map((item) => ({
      ...item,
      value: { ...item.value, variations: item.variations.map(({ value }) => value) },
      touched: [item, ...item.variations].some(({ state }) => state !== 'unchanged'),
    }));
    return {
      created: {
        categories: this.#categories.filter(({ state }) => state === 'created').map(({ value }) => value),
        items: items.filter(({ state }) => state === 'created').map(({ value }) => value),
      },
      changed: {
        items: items.filter(({ state, touched }) => state !== 'created' && touched).map(({ value }) => value),
      },
      changes: this.#changes,
      counts: {
        categories: countsOf(this.#categories),
        items: countsOf(this.#items),
        variations: countsOf(this.#items.flatMap(({ variations }) => variations)),
      },
    };
  }

  /** The item of this name, which the file makes when there is none. */
  #itemNamed(row: SheetRow): ItemInHand {
    const [found, another] = this.#itemsNamed.get(fold(row.item)) ?? [];
    if (another) throw new RowFault('item', `There is more than one item called ${row.item}: say which by its sku.`);
    if (found) {
      say(found, 'name', fold(row.item), row.line);
      return found;
    }
    const value = {
      id: this.newId(),
      name: { [this.language]: row.item },
      description: null,
      pictures: [],
      categoryId: null,
      position: 0,
      present: true,
      taxIds: null,
      modifierGroupIds: [],
      variations: [],
    };
    const item = itemInHand(value, 'created');
    say(item, 'name', fold(row.item), row.line);
    this.#items.push(item);
    this.#enter(item);
    this.#note(row, 'item', row.item, null, null, null);
    return item;
  }

  /** A line that finds its item by an id or a sku may call the item something else: then that is its name from now on. */
  #renameItem(item: ItemInHand, row: SheetRow): void {
    const before = this.#nameOf(item.value);
    const earlier = say(item, 'name', fold(row.item), row.line);
    if (earlier) throw new RowFault('item', `Line ${earlier.line} has another name for the same item.`);
    if (fold(before) === fold(row.item)) return;
    if (this.#itemsNamed.get(fold(row.item))?.length)
      throw new RowFault('item', `The line is of ${before}, and ${row.item} is another item.`);
    this.#itemsNamed.set(
      fold(before),
      (this.#itemsNamed.get(fold(before)) ?? []).filter((other) => other !== item),
    );
    item.value.name = { ...item.value.name, [this.language]: row.item };
    this.#itemsNamed.set(fold(row.item), [item]);
    this.#change(item, row, 'item', row.item, 'name', before, row.item);
  }

  /** The category of this name: of two, the one that the item is in. */
  #categoryOf({ value: { categoryId } }: ItemInHand, row: SheetRow): InHand<Drafted<Category>> {
    const name = row.category ?? '';
    const own = this.#categories.find(({ value }) => value.id === categoryId);
    if (own && this.#key(own.value) === fold(name)) return own;
    const found = this.#categoryNamed.get(fold(name));
    if (found) return found;
    const made = inHand({ id: this.newId(), name: { [this.language]: name }, position: 0 }, 'created');
    this.#categories.push(made);
    this.#categoryNamed.set(fold(name), made);
    this.#note(row, 'category', name, null, null, null);
    return made;
  }

  #moveTo(item: ItemInHand, category: InHand<Drafted<Category>>, row: SheetRow): void {
    say(category, 'name', category.value.id, row.line);
    const earlier = say(item, 'category', category.value.id, row.line);
    if (earlier) throw new RowFault('category', `Line ${earlier.line} puts the item elsewhere.`);
    const { categoryId } = item.value;
    if (categoryId === category.value.id) return;
    const before = this.#categories.find(({ value }) => value.id === categoryId);
    item.value.categoryId = category.value.id;
    if (item.state !== 'created')
      this.#change(
        item,
        row,
        'item',
        this.#nameOf(item.value),
        'category',
        before ? this.#nameOf(before.value) : null,
        row.category,
      );
  }

  /** The variation of this name, which the file makes when there is none. */
  #variationOf(item: ItemInHand, row: SheetRow): InHand<Variation> {
    const name = row.variation ?? REGULAR;
    const found = item.variations.find(({ value }) => fold(this.#nameOf(value)) === fold(name));
    if (found) {
      say(found, 'name', fold(name), row.line);
      return found;
    }
    if (item.variations.length === MOST_VARIATIONS)
      throw new RowFault('variation', `An item has at most ${MOST_VARIATIONS} variations.`);
    const made = inHand<Variation>(
      { id: this.newId(), name: { [this.language]: name }, sku: row.sku, prices: { [row.currency]: row.amount } },
      'created',
    );
    say(made, 'name', fold(name), row.line);
    item.variations.push(made);
    this.#note(row, 'variation', this.#label(item, made), null, null, priceText(row));
    return made;
  }

  #renameVariation(item: ItemInHand, variation: InHand<Variation>, name: string, row: SheetRow): void {
    const before = this.#nameOf(variation.value);
    const earlier = say(variation, 'name', fold(name), row.line);
    if (earlier) throw new RowFault('variation', `Line ${earlier.line} has another name for the same variation.`);
    if (fold(before) === fold(name)) return;
    if (item.variations.some(({ value }) => fold(this.#nameOf(value)) === fold(name)))
      throw new RowFault('variation', `The line is of ${before}, and ${name} is another variation.`);
    variation.value.name = { ...variation.value.name, [this.language]: name };
    this.#change(variation, row, 'variation', this.#label(item, variation), 'name', before, name);
  }

  #code(item: ItemInHand, variation: InHand<Variation>, sku: string, row: SheetRow): void {
    const earlier = say(variation, 'sku', sku, row.line);
    if (earlier) throw new RowFault('sku', `Line ${earlier.line} has another sku for the same variation.`);
    const holder = this.#coded.get(sku);
    if (holder && holder.variation !== variation)
      throw new RowFault('sku', `The sku belongs to ${this.#label(holder.item, holder.variation)}.`);
    const before = variation.value.sku;
    this.#coded.set(sku, { item, variation });
    if (before === sku) return;
    if (before !== null) this.#coded.delete(before);
    variation.value.sku = sku;
    this.#change(variation, row, 'variation', this.#label(item, variation), 'sku', before, sku);
  }

  #price(item: ItemInHand, variation: InHand<Variation>, row: SheetRow): void {
    const { amount, currency } = row;
    const earlier = say(variation, `price ${currency}`, String(amount), row.line);
    if (earlier) throw new RowFault('price', `Line ${earlier.line} has another price for the same variation.`);
    const before = variation.value.prices[currency];
    if (before === amount) return;
    variation.value.prices = { ...variation.value.prices, [currency]: amount };
    const from = before === undefined ? null : priceText({ amount: before, currency });
    this.#change(variation, row, 'variation', this.#label(item, variation), 'price', from, priceText(row));
  }

  #enter(item: ItemInHand): void {
    const key = this.#key(item.value);
    this.#itemsNamed.set(key, [...(this.#itemsNamed.get(key) ?? []), item]);
    for (const variation of item.variations) {
      this.#known.set(variation.value.id, { item, variation });
      if (variation.value.sku !== null) this.#coded.set(variation.value.sku, { item, variation });
    }
  }

  #change(held: InHand<unknown>, row: SheetRow, ...rest: Noted): void {
    if (held.state === 'unchanged') held.state = 'changed';
    this.#note(row, ...rest);
  }

  #note({ line }: SheetRow, ...[kind, name, field, from, to]: Noted): void {
    this.#changes.push({ line, kind, name, field, from, to });
  }

  #nameOf({ name }: { name: Item['name'] }): string {
    return textIn(name, [this.language]);
  }

  #key(value: { name: Item['name'] }): string {
    return fold(this.#nameOf(value));
  }

  #label(item: ItemInHand, { value }: InHand<Variation>): string {
    return `${this.#nameOf(item.value)} (${this.#nameOf(value)})`;
  }
}

type Noted = [kind: Change['kind'], name: string, field: Change['field'], from: string | null, to: string | null];

const inHand = <T extends object>(value: T, state: InHand<T>['state']): InHand<T> => ({
  value: { ...value },
  said: new Map(),
  state,
});

const itemInHand = (item: Drafted<Item>, state: ItemInHand['state']): ItemInHand => ({
  ...inHand(item, state),
  variations: item.variations.map((variation) => inHand(variation, state)),
});

/** Notes what a line says of an object. Returns the earlier line that said something else, if there is one. */
function say(held: InHand<unknown>, what: string, text: string, line: number): { line: number } | undefined {
  const earlier = held.said.get(what);
  if (earlier) return earlier.text === text ? undefined : earlier;
  held.said.set(what, { line, text });
  return undefined;
}

/** Names are the same whatever their letters' case and however many spaces are between. */
const fold = (name: string): string => name.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase();

const priceText = (price: { amount: number; currency: string }): string => `${formatDecimal(price)} ${price.currency}`;

/** Of what the file named. */
function countsOf(held: readonly InHand<unknown>[]): ImportResult['items'] {
  const of = (wanted: InHand<unknown>['state']): number =>
    held.filter(({ state, said }) => state === wanted && said.size > 0).length;
  return { created: of('created'), changed: of('changed'), unchanged: of('unchanged') };
}
