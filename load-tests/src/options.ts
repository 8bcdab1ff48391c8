import { parseArgs } from 'node:util';
import { BenchFailure, EXIT } from './failure.js';

/** What can be measured, in the order in which it is. */
export const MEASURES = ['placement', 'completeOrder', 'menuRead', 'lag', 'history', 'locations', 'overload'] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface BenchOptions {
  readonly measures: readonly MeasureName[];
  readonly seconds: number;
  readonly json: boolean;
  readonly profile: boolean;
  readonly peers: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

Starts the platform as it was built, on servers of its own, measures, stops everything. Each figure is a ratio of two sides that
take turns in one run, so that what else the machine does hits both.

Options:
  --only <names>   only these, separated by commas: ${MEASURES.join(', ')}
  --peers          also what a user would pick instead, fetched into a temporary folder: Vendure and Medusa (10 minutes more)
  --seconds <n>    how long each side of a measure is under load (30)
  --json           print one JSON object, with null for what was not asked for
  --profile        profile the platform's process: writes a .cpuprofile for each measure and prints where the time went
  -h, --help       show this

Environment:
  DATABASE_URL     a PostgreSQL of your own, with pg_stat_statements preloaded; otherwise one is started
  KAFKA_BROKERS    a Kafka of your own, without topics, for --only lag; otherwise one is started where tests find one

Exit code: 0 measured, 1 something did not come out right (it says what), 2 mistyped, 3 no ports, disk or servers.

  npm run bench -- --only placement --seconds 10
  npm run bench -- --only completeOrder --peers
  npm run --silent bench -- --json > figures.json`;

/**
 * What was typed.
 * @returns `help` where that was asked for
 * @throws BenchFailure with the sentence for whoever typed it
 */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parsed(args);
  if (values.help) return 'help';
  const seconds = Number(values.seconds);
  if (!/^\d+$/.test(values.seconds) || seconds < 1 || seconds > 3_600)
    throw mistyped('--seconds must be a whole number from 1 to 3600.');
  return {
    measures: measuresIn(values.only),
    peers: values.peers,
    seconds,
    json: values.json,
    profile: values.profile,
  };
}

function measuresIn(only: string | undefined): readonly MeasureName[] {
  if (only === undefined) return MEASURES;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(MEASURES as readonly string[]).includes(name));
  if (unknown !== undefined) throw mistyped(`--only knows no "${unknown}": there are ${MEASURES.join(', ')}.`);
  return MEASURES.filter((name) => names.includes(name));
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        seconds: { type: 'string', default: '30' },
        json: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. '); // what follows is a guess
    throw mistyped(`${sentence}.`);
  }
}

const mistyped = (sentence: string): BenchFailure =>
  new BenchFailure(`${sentence} See npm run bench -- --help.`, EXIT.mistyped);
