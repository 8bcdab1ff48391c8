import type { JsonSchema } from './json-schema.js';

/** Who would be hurt: somebody who sends what the schema takes, or somebody who reads what it promises. */
export type Direction = 'sent to us' | 'read from us';

/**
 * Tells what in a newer schema would break those who were written against the older one; nothing when it only grew.
 * A sender breaks when something they send is no longer taken; a reader when something they rely on may be missing.
 * @returns sentences that begin with a JSON pointer into the data
 */
export function breaks(before: JsonSchema, after: JsonSchema, direction: Direction): string[] {
  const compare = new Comparison(direction, before, after);
  return compare.schemas(before, after, '');
}

class Comparison {
  readonly #seen = new Set<string>();

  constructor(
    private readonly direction: Direction,
    private readonly rootBefore: JsonSchema,
    private readonly rootAfter: JsonSchema,
  ) {}

  schemas(before: JsonSchema, after: JsonSchema, at: string): string[] {
    const names = [before['$ref'], after['$ref']];
    const key = JSON.stringify([names, names.some(Boolean) ? '' : at]);
    // A recursive schema comes back to itself: once is enough.
    if (names.some(Boolean) && this.#seen.has(key)) return [];
    this.#seen.add(key);
    const [was, is] = [resolved(before, this.rootBefore), resolved(after, this.rootAfter)];
    return [
      ...this.#types(was, is, at),
      ...this.#values(was, is, at),
      ...this.#bounds(was, is, at),
      ...this.#fields(was, is, at),
      ...this.#parts(was, is, at),
    ];
  }

  #types(was: JsonSchema, is: JsonSchema, at: string): string[] {
    const [old, young] = [typesOf(was), typesOf(is)];
    if (old.length === 0 || young.length === 0) return [];
    const [promised, given] = this.direction === 'sent to us' ? [old, young] : [young, old];
    const missing = promised.filter(
      (type) => !given.includes(type) && !(type === 'integer' && given.includes('number')),
    );
    return missing.length === 0 ? [] : [`${at || '/'}: was ${old.join(' or ')}, is ${young.join(' or ')}`];
  }

  /** A sender's value may not be refused. A reader must be ready for a new one: new values are no break. */
  #values(was: JsonSchema, is: JsonSchema, at: string): string[] {
    const [old, young] = [valuesOf(was), valuesOf(is)];
    if (this.direction === 'read from us' || young === undefined) return [];
    if (old === undefined) return [`${at || '/'}: takes only some values now`];
    return old.filter((value) => !young.includes(value)).map((value) => `${at || '/'}: no longer takes ${value}`);
  }

  #bounds(was: JsonSchema, is: JsonSchema, at: string): string[] {
    if (this.direction === 'read from us')
      return was['format'] === is['format'] ? [] : [`${at || '/'}: its format changed`];
    const tighter = (name: string, isTighter: (old: number, young: number) => boolean): string[] => {
      const [old, young] = [was[name] as number | undefined, is[name] as number | undefined];
      return young !== undefined && (old === undefined || isTighter(old, young))
        ? [`${at || '/'}: ${name} is tighter`]
        : [];
    };
    const upper = ['maximum', 'maxLength', 'maxItems', 'maxProperties'].flatMap((name) =>
      tighter(name, (old, young) => young < old),
    );
    const lower = ['minimum', 'minLength', 'minItems', 'minProperties'].flatMap((name) =>
      tighter(name, (old, young) => young > old),
    );
    const pattern = takesAsMuch(was['pattern'], is['pattern']) ? [] : [`${at || '/'}: its pattern changed`];
    return [...upper, ...lower, ...pattern];
  }

  #fields(was: JsonSchema, is: JsonSchema, at: string): string[] {
    const [old, young] = [fieldsOf(was), fieldsOf(is)];
    const [mustBefore, mustNow] = [requiredOf(was), requiredOf(is)];
    const gone = Object.keys(old).filter(
      (name) => !(name in young) && (this.direction === 'read from us' || is['additionalProperties'] === false),
    );
    const kept = Object.keys(old).filter((name) => name in young);
    const loosened =
      this.direction === 'read from us' ? kept.filter((name) => mustBefore.has(name) && !mustNow.has(name)) : [];
    const demanded = this.direction === 'sent to us' ? [...mustNow].filter((name) => !mustBefore.has(name)) : [];
    return [
      ...gone.map((name) => `${at}/${name}: is gone`),
      ...loosened.map((name) => `${at}/${name}: may be missing now`),
      ...demanded.map((name) => `${at}/${name}: must be sent now`),
      ...kept.flatMap((name) => this.schemas(old[name] ?? {}, young[name] ?? {}, `${at}/${name}`)),
    ];
  }

  /** Elements of lists and the alternatives of a choice. */
  #parts(was: JsonSchema, is: JsonSchema, at: string): string[] {
    const items =
      was['items'] && is['items'] ? this.schemas(was['items'] as JsonSchema, is['items'] as JsonSchema, `${at}/-`) : [];
    if (choicesOf(was).length === 0 && choicesOf(is).length === 0) return items;
    const [old, young] = [alternativesOf(was), alternativesOf(is)];
    const [promised, given] = this.direction === 'sent to us' ? [old, young] : [young, old];
    const fitting = promised.every((one) => given.some((other) => this.#fits(one, other, at)));
    return [...items, ...(fitting ? [] : [`${at || '/'}: one of its alternatives no longer fits`])];
  }

  #fits(one: JsonSchema, other: JsonSchema, at: string): boolean {
    const [before, after] = this.direction === 'sent to us' ? [one, other] : [other, one];
    return new Comparison(this.direction, this.rootBefore, this.rootAfter).schemas(before, after, at).length === 0;
  }
}

/** A pattern that is the same, or lets more words stand where it listed some, refuses nothing that it took. */
function takesAsMuch(was: unknown, is: unknown): boolean {
  if (is === undefined || is === was) return true;
  if (typeof was !== 'string' || typeof is !== 'string' || was.replaceAll(WORDS, '()') !== is.replaceAll(WORDS, '()'))
    return false;
  const lists = (pattern: string): string[][] => [...pattern.matchAll(WORDS)].map(([, words = '']) => words.split('|'));
  const young = lists(is);
  return lists(was).every((words, place) => words.every((word) => young[place]?.includes(word)));
}

const WORDS = /\((\w+(?:\|\w+)+)\)/g;

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const target = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter(Boolean)
    .reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], root);
  return (target as JsonSchema | undefined) ?? {};
}

const typesOf = ({ type }: JsonSchema): string[] => (type === undefined ? [] : ([type].flat() as string[]));
const fieldsOf = ({ properties }: JsonSchema): Record<string, JsonSchema> =>
  (properties ?? {}) as Record<string, JsonSchema>;
const requiredOf = ({ required }: JsonSchema): Set<string> => new Set((required ?? []) as string[]);
const choicesOf = ({ anyOf, oneOf }: JsonSchema): JsonSchema[] => (anyOf ?? oneOf ?? []) as JsonSchema[];

/** A schema without a choice is its own only alternative. */
const alternativesOf = (schema: JsonSchema): JsonSchema[] =>
  choicesOf(schema).length > 0 ? choicesOf(schema) : [schema];

function valuesOf(schema: JsonSchema): string[] | undefined {
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  return (schema['enum'] as unknown[] | undefined)?.map((value) => JSON.stringify(value));
}
