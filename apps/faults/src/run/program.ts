import { Command, InvalidArgumentError } from 'commander';
import { CannotRun } from '../broken.js';
import { SCENARIOS } from '../scenarios/index.js';
import { runAll, SIMULATOR } from './run-all.js';
import { summaryOf, told } from './summary.js';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

const known = (text: string): string[] => {
  const ids = text.split(',');
  const strange = ids.filter((id) => id !== SIMULATOR && !SCENARIOS.some((scenario) => scenario.id === id));
  if (strange.length > 0) throw new InvalidArgumentError(`There is no ${strange.join(', ')}.`);
  return ids;
};

/** The command line of the faults. */
export const program = new Command('faults')
  .description(
    'Makes the faults of docs/reliability.md on real processes while guests order and pay, and accounts for everything.',
  )
  .option('--only <ids>', 'some of them, with commas between: F1,F7', known)
  .option(
    '--kills <n>',
    'how many kills in all, shared out over those that kill; with --only, how many of each',
    wholeNumber,
  )
  .option('--seeds <n>', 'how many seeds the simulator plays', wholeNumber, 10_000)
  .option('--seed <n>', 'where chance begins; any, unless given', wholeNumber)
  .option(
    '--state <file>',
    'what has been done is noted there, and not done again by the same command',
    '.cache/faults.json',
  )
  .option('--fresh', 'do everything, also what an earlier run has done')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    () => `
The faults:
${SCENARIOS.map(({ id, title }) => `  ${id.padEnd(6)}${title}`).join('\n')}
  ${SIMULATOR.padEnd(6)}the simulator, which plays everything in a world of its own

It needs Java 17, Kafka's jars and redis-server, as npm test does; PostgreSQL it brings along. It ends with
  0  every promise was kept
  1  one was not: what, and how to see it again in one line
  2  the options are wrong
  3  the faults cannot be made here: a server, a port or room on the disk is missing`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async ({ json = false, ...options }: Options) => {
    try {
      const report = await runAll(options);
      process.stdout.write(json ? `${JSON.stringify(summaryOf(report), null, 2)}\n` : told(report));
      const { lost, duplicated, invariantsViolated, failingSeeds } = summaryOf(report);
      process.exitCode = lost + duplicated + invariantsViolated + failingSeeds === 0 ? 0 : 1;
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 3;
    }
  });

/** What the command was asked for. */
export interface Options {
  readonly only?: readonly string[];
  readonly kills?: number;
  readonly seeds: number;
  readonly seed?: number;
  readonly state: string;
  readonly fresh?: boolean;
  readonly json?: boolean;
}
