import type { Texts } from '@comanda/contracts';

/** A text in the first of the languages that it exists in; in any it has, where it exists in none of them. */
export function textIn(texts: Texts, languages: readonly string[]): string {
  const language = languages.find((tag) => texts[tag] !== undefined) ?? Object.keys(texts).toSorted()[0] ?? '';
  return texts[language] ?? '';
}
