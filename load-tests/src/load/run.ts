import { readFile, writeFile } from 'node:fs/promises';
import { capacityTables, DEFAULT_CHAIN } from '../capacity/capacity.js';
import { unitCostsIn } from '../capacity/unit-costs.js';
import { BenchFailure, EXIT } from '../failure.js';
import type { Section } from '../report/figures.js';
import { sectionText, withSection } from '../report/section.js';
import { tableText } from '../report/table.js';
import { SCENARIOS } from '../scenarios/index.js';
import { crosscheck } from './crosscheck.js';
import type { LoadOptions } from './options.js';
import { play } from './play.js';
import { sectionOf } from './report-tables.js';

/**
 * Does what was asked for and prints it, into a document as well where one was named; whatever it started is stopped, however
 * it ends. Exit code 1 where something is not as it should be.
 * @throws BenchFailure, EmbeddedPostgresError with one sentence for whoever started it
 */
export async function run(options: LoadOptions): Promise<void> {
  const { json, section, good } = await outcome(options);
  if (options.json) console.log(JSON.stringify(json));
  else for (const table of section.tables) console.log(`${tableText(table)}\n`);
  if (options.report !== undefined) await writeInto(options.report, options.what, section);
  if (!good) process.exitCode = EXIT.wrong;
}

interface Outcome {
  readonly json: object;
  readonly section: Section;
  readonly good: boolean;
}

async function outcome(options: LoadOptions): Promise<Outcome> {
  const say = (step: string): void => console.error(`  ${new Date().toISOString().slice(11, 19)}  ${step}`);
  switch (options.what) {
    case 'capacity': {
      const chain = { ...DEFAULT_CHAIN, locations: options.locations, ordersInBusiestHour: options.orders };
      const { tables, figures, intro } = capacityTables(chain, await costsIn(options.costs));
      return { json: figures, section: { title: 'Capacity', intro, tables }, good: true };
    }
    case 'crosscheck': {
      const { table, figures, good } = await crosscheck(options.seconds ?? 20, say);
      return { json: figures, section: { title: 'Cross-check', intro: [], tables: [table] }, good };
    }
    default: {
      const report = await play(SCENARIOS[options.what], options, say);
      return { json: report, section: sectionOf(report), good: report.met };
    }
  }
}

async function costsIn(file: string | undefined) {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new BenchFailure(`${file} cannot be read.`, EXIT.mistyped);
  return unitCostsIn(text, file);
}

async function writeInto(file: string, name: string, section: Section): Promise<void> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  await writeFile(file, withSection(before, name, sectionText(section)));
}
