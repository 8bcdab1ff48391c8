import type { Rendered } from './render.ts';

/** Objects, by where they are from; what is from "... on 1.35" was made for that version of Kubernetes. */
export type Made = Readonly<Record<string, readonly Rendered[]>>;

/** What those who know schemas make of objects. */
export interface Held {
  /** By kind: what its objects were held against. */
  readonly against: Readonly<Record<string, string>>;
  /** What is wrong, a line each, which begins with where the object is from. */
  readonly wrong: readonly string[];
}

export const kindOf = ({ apiVersion, kind }: Rendered): string => `${apiVersion} ${kind}`;

/** An object of each kind that there is, with a field that there is not. Who lets one pass sees nothing. */
export function misspelt(made: Made, version: string): Made {
  const kinds = new Map(
    Object.values(made)
      .flat()
      .map((object) => [kindOf(object), object]),
  );
  return Object.fromEntries(
    [...kinds].map(([kind, object]) => {
      const field = { misspelt: true };
      const wrong = object['spec'] ? { ...object, spec: { ...object['spec'], ...field } } : { ...object, ...field };
      return [`misspelt ${kind} on ${version}`, [wrong]];
    }),
  );
}

/** What is wrong, once for all versions, and which kinds are looked at by somebody who lets a field pass that there is not. */
export function findings(held: readonly Held[], version: string): string[] {
  const all = held.flatMap(({ against, wrong }) => {
    const blind = Object.entries(against).filter(
      ([kind]) => !wrong.some((line) => line.startsWith(`misspelt ${kind} on ${version}: `)),
    );
    return [
      ...wrong.filter((line) => !line.startsWith('misspelt ')),
      ...blind.map(([kind, what]) => `${kind}: a field that there is not passes ${what}`),
    ];
  });
  return [...new Set(all.map((line) => line.replace(/^(\S+) on [\d.]+: /, '$1: ')))];
}

/** For each kind that was made: what it was held against. */
export function tableOf(made: Made, held: readonly Held[]): { rows: string[]; unheld: string[] } {
  const kinds = [...new Set(Object.values(made).flat().map(kindOf))].sort();
  const width = Math.max(...kinds.map((kind) => kind.length));
  const against = (kind: string): string => held.flatMap((each) => each.against[kind] ?? []).join('; ');
  return {
    rows: kinds.map((kind) => `${kind.padEnd(width)}  ${against(kind) || 'nothing'}`),
    unheld: kinds.filter((kind) => !against(kind)),
  };
}
