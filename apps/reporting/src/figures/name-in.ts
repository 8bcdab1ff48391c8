/**
 * A name for people: a text as it is, one in several languages in the first of them that it has, several texts together.
 * Null where there is nothing to read.
 */
export function nameIn(name: unknown, languages: readonly string[]): string | null {
  if (typeof name === 'string') return name;
  if (Array.isArray(name)) {
    const parts = name.map((part: unknown) => nameIn(part, languages)).filter((part) => part !== null);
    return parts.length > 0 ? parts.join(', ') : null;
  }
  if (typeof name !== 'object' || name === null) return null;
  const texts = name as Readonly<Record<string, string>>;
  const [first] = Object.values(texts);
  return languages.map((language) => texts[language]).find((text) => text !== undefined) ?? first ?? null;
}
