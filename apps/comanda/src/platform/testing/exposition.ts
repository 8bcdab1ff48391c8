import { readFileSync } from 'node:fs';

/** A metric: as a page of `/metrics` has it, or as the catalogue describes it. */
export interface Measured {
  readonly type: string;
  readonly labels: readonly string[];
}

/** Reads a page in the plain format: its metrics by name, and how many series they are together. */
export function readExposition(page: string): { metrics: Map<string, Measured>; series: number } {
  const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const metrics = new Map(
    page.split(/^# HELP .*\n/m).flatMap((part): [string, Measured][] => {
      const [, name, type] = /^# TYPE (\S+) (\S+)$/m.exec(part) ?? [];
      const labels = [...part.matchAll(/[{,](\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = '']) => label);
      return name && type ? [[name, { type, labels: [...new Set(labels)] }]] : [];
    }),
  );
  return { metrics, series: samples.length };
}

/** What docs/metrics.md says that there is. What only Linux tells is left out elsewhere. */
export function readCatalogue(): Map<string, Measured> {
  const page = readFileSync(new URL('../../../../../docs/metrics.md', import.meta.url), 'utf8');
  return new Map(
    [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$/gm)]
      .filter(([, , , , meaning = '']) => process.platform === 'linux' || !meaning.includes('(Linux)'))
      .map(([, name = '', type = '', labels = '']) => [
        name,
        { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
      ]),
  );
}
