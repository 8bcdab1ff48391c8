import type { Menu, Texts } from '@comanda/contracts';
import { preferencesIn } from '@comanda/platform';

/**
 * The languages that a caller named and would take, the dearest first; none where any will do.
 * @param header an `Accept-Language`
 */
export function languagesIn(header: string | undefined): string[] {
  return preferencesIn(header).flatMap(({ value, quality }) => (LANGUAGE.test(value) && quality > 0 ? [value] : []));
}

/** A language range of RFC 4647, in lower case; `*` is any language. */
const LANGUAGE = /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/;

/**
 * A menu with each of its texts in one language alone: the first wanted one that the text exists in, else the first of
 * the organization's own, else any. A wanted `de-AT` takes a text in `de`, too, and a wanted `zh` one in `zh-CN` (RFC 4647:
 * lookup, then what is more special).
 */
export function inLanguages(menu: Menu, wanted: readonly string[]): Menu {
  const ranges = [...wanted, ...menu.languages].map((tag) => tag.toLowerCase());
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isMap(value)) return value;
    const fields = Object.entries(value).map(([field, held]) => [
      field,
      TEXT_FIELDS.has(field) && isMap(held) ? inOne(held as Texts, ranges) : walk(held),
    ]);
    return Object.fromEntries(fields) as unknown;
  };
  return walk(menu) as Menu;
}

/** The fields of a menu that hold texts by language. Some, such as a tax's name, hold plain text under the same name. */
export const TEXT_FIELDS: ReadonlySet<string> = new Set(['name', 'description', 'alt']);

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function inOne(texts: Texts, ranges: readonly string[]): Texts {
  const tags = Object.keys(texts).toSorted();
  const tag = ranges.map((range) => tagFor(range, tags)).find((found) => found !== undefined) ?? tags[0];
  const text = tag === undefined ? undefined : texts[tag];
  return tag === undefined || text === undefined ? texts : { [tag]: text };
}

/** `zh-hant-tw` finds itself, then `zh-hant`, `zh`, and last of all whatever begins with `zh-hant-tw-`. */
function tagFor(range: string, tags: readonly string[]): string | undefined {
  const subtags = range.split('-');
  for (let length = subtags.length; length > 0; length--) {
    const shorter = subtags.slice(0, length).join('-');
    const found = tags.find((tag) => tag.toLowerCase() === shorter);
    if (found !== undefined) return found;
  }
  return tags.find((tag) => tag.toLowerCase().startsWith(`${range}-`));
}
