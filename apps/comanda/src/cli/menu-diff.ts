import { isDeepStrictEqual } from 'node:util';
import type { Menu } from '@comanda/client';
import { formatDecimal } from '@comanda/money';

/** Something that publishing would change for guests and tills, in words. */
export interface MenuChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** What it is about: `Hawaiian (M)`, `tax IVA`. */
  readonly what: string;
  /** `price 13.25 USD → 13.75 USD`; of what comes or goes, what a reader wants to know of it first. */
  readonly detail: string;
}

/** What differs between the menu on sale and another one of the location: what is new or other in the order of the menu, then what goes. */
export function menuChanges(onSale: Menu | undefined, next: Menu): MenuChange[] {
  const before = onSale ? thingsOn(onSale) : new Map<string, Thing>();
  const after = thingsOn(next);
  const come = [...after].flatMap(([key, thing]): MenuChange[] => {
    const was = before.get(key);
    return was ? differences(was, thing) : [{ kind: 'added', what: thing.what, detail: thing.about }];
  });
  const go = [...before].flatMap(([key, { what, about }]): MenuChange[] =>
    after.has(key) ? [] : [{ kind: 'removed', what, detail: about }],
  );
  return [...come, ...go];
}

/** One thing on a menu, by what people call it, and all that the menu says of it. */
interface Thing {
  readonly what: string;
  readonly about: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

function differences(was: Thing, is: Thing): MenuChange[] {
  const names = new Set([...Object.keys(was.facts), ...Object.keys(is.facts)]);
  return [...names].flatMap((name): MenuChange[] => {
    const [before, after] = [was.facts[name], is.facts[name]];
    if (isDeepStrictEqual(before, after)) return [];
    const shown = [before, after].map(inWords);
    const detail = shown.includes(undefined) ? `other ${name}` : `${name} ${shown.join(' → ')}`;
    return [{ kind: 'changed', what: was.what, detail }];
  });
}

/** `undefined` for what is too much for a line. */
function inWords(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value)) {
    const words = value.map(inWords);
    return words.includes(undefined) ? undefined : words.join(', ') || 'none';
  }
  return typeof value === 'object' ? undefined : `${value as string | number | boolean}`;
}

/** Everything on a menu by an id that stays the same: items and their variations, choices, taxes, charges, the place. */
function thingsOn(menu: Menu): Map<string, Thing> {
  const { currency, languages } = menu;
  const text = (texts: Readonly<Record<string, string>>): string =>
    languages.flatMap((language) => texts[language] ?? [])[0] ?? Object.values(texts)[0] ?? '';
  const price = (amount: number): string => `${formatDecimal({ amount, currency })} ${currency}`;
  const called = (rows: readonly { id: string; name: string | Record<string, string> }[]): Map<string, string> =>
    new Map(rows.map(({ id, name }) => [id, typeof name === 'string' ? name : text(name)]));
  const names = {
    category: called(menu.categories),
    tax: called(menu.taxes),
    group: called(menu.modifierGroups),
    schedule: called(menu.schedules ?? []),
  };
  const listed = (ids: readonly string[] | null, of: ReadonlyMap<string, string>): string[] | null =>
    ids && ids.map((id) => of.get(id) ?? id);
  const things = new Map<string, Thing>();

  for (const { id, name, variations, ...item } of menu.items) {
    const { categoryId, taxIds, modifierGroupIds, scheduleId, ...plain } = item;
    const facts = {
      name: text(name),
      category: categoryId && names.category.get(categoryId),
      taxes: listed(taxIds, names.tax),
      choices: listed(modifierGroupIds, names.group),
      schedule: scheduleId && names.schedule.get(scheduleId),
      texts: name,
      ...plain,
    };
    things.set(id, { what: text(name), about: '', facts });
    for (const { id: variationId, name: variation, price: amount, timedPrices, ...rest } of variations) {
      const timed = timedPrices?.map((each) => `${names.schedule.get(each.scheduleId)} ${price(each.price)}`);
      things.set(variationId, {
        what: `${text(name)} (${text(variation)})`,
        about: price(amount),
        facts: { name: text(variation), price: price(amount), 'timed prices': timed, texts: variation, ...rest },
      });
    }
  }
  for (const { id, name, modifiers, ...group } of menu.modifierGroups) {
    things.set(id, { what: `choice ${text(name)}`, about: '', facts: { name: text(name), ...group } });
    for (const { id: modifierId, name: modifier, price: amount, taxIds, modifierGroupIds, ...rest } of modifiers)
      things.set(`${id}/${modifierId}`, {
        what: `${text(name)}: ${text(modifier)}`,
        about: price(amount),
        facts: {
          name: text(modifier),
          price: price(amount),
          taxes: listed(taxIds, names.tax),
          choices: listed(modifierGroupIds, names.group),
          ...rest,
        },
      });
  }
  for (const { id, name, position } of menu.categories)
    things.set(id, { what: `category ${text(name)}`, about: '', facts: { name: text(name), position } });
  for (const { id, name, rate, ...tax } of menu.taxes)
    things.set(id, { what: `tax ${name}`, about: percent(rate), facts: { name, rate: percent(rate), ...tax } });
  for (const { id, name, rate, taxIds, ...charge } of menu.serviceCharges)
    things.set(id, {
      what: `service charge ${name}`,
      about: percent(rate),
      facts: { name, rate: percent(rate), taxes: listed(taxIds, names.tax), ...charge },
    });
  for (const { id, name, windows } of menu.schedules ?? [])
    things.set(id, { what: `schedule ${name}`, about: '', facts: { name, windows } });
  const { timeZone, jurisdiction, cashRounding } = menu;
  things.set(menu.locationId, {
    what: 'the location',
    about: '',
    facts: { currency, 'time zone': timeZone, languages, jurisdiction, 'cash rounding': cashRounding },
  });
  return things;
}

/** A rate in parts per million: `8.875 %`. */
const percent = (rate: number): string => `${String(rate / 10_000)} %`;
