import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { SeedResult } from '../scenario/run-seed.js';
import type { Summary } from './simulate.js';

/** The seeds that have failed at some time, oldest first: a line each, with what it found. */
export async function readCorpus(): Promise<number[]> {
  const text = await readFile(new URL('../../../corpus.txt', import.meta.url), 'utf8');
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map(Number);
}

/** How far a long run is. */
export interface Progress {
  readonly done: ReadonlySet<number>;
  note(result: SeedResult): void;
  /** What was done now and before. */
  added(summary: Summary): Summary;
}

type Noted = Pick<SeedResult, 'seed' | 'operations' | 'kills'> & { readonly fails: boolean };

/** Keeps in a file which seeds are done, a line each, so that a run that was ended goes on where it was. */
export async function remember(file: string | undefined): Promise<Progress> {
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const before = text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Noted);
  return {
    done: new Set(before.map(({ seed }) => seed)),
    note({ seed, operations, kills, violations }) {
      const noted: Noted = { seed, operations, kills, fails: violations.length > 0 };
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(noted)}\n`);
    },
    added({ seeds, failingSeeds, operations, kills, seconds }) {
      return {
        seeds: seeds + before.length,
        failingSeeds: [...before.filter(({ fails }) => fails).map(({ seed }) => seed), ...failingSeeds],
        operations: before.reduce((sum, each) => sum + each.operations, operations),
        kills: before.reduce((sum, each) => sum + each.kills, kills),
        seconds,
      };
    },
  };
}
