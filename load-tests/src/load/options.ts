import { parseArgs } from 'node:util';
import { BenchFailure, EXIT } from '../failure.js';

/** Load tests, in the order in which they are told of. */
export const SCENARIO_NAMES = ['peak', 'qr-guests', 'spike', 'stress', 'soak', 'faults'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];
/** What is no load test, and belongs to it. */
const COMMANDS = ['capacity', 'crosscheck'] as const;

export interface LoadOptions {
  readonly what: ScenarioName | (typeof COMMANDS)[number];
  /** Where to; a platform is started where it is not given. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly location: string | undefined;
  /** What a scenario has by itself where it is not given. */
  readonly rate: number | undefined;
  readonly seconds: number | undefined;
  readonly sessions: number | undefined;
  readonly seed: number;
  readonly arrivals: 'poisson' | 'constant';
  readonly json: boolean;
  /** The Markdown file that a section is written into. */
  readonly report: string | undefined;
  readonly locations: number;
  readonly orders: number;
  /** The JSON report whose unit costs are counted with. */
  readonly costs: string | undefined;
}

export const LOAD_HELP = `Usage: npm run load -- <what> [options]

Sends guests who come whatever became of those before, and measures how long each waits from when it was due. Starts a platform on
servers of its own and stops all of it, or goes to one that runs; then looks whether anything that was told is missing.

What:
  peak        lunch: tills sell more and more, then as many for a while, then fewer
  qr-guests   guests with phones read, think, ask for the price, order, pay, look until it is paid
  spike       ten times as many within ten seconds
  stress      more and more until it breaks, three times what was kept up, half of it
  soak        the same rate for half an hour: what slows down or grows
  faults      the broker is killed, the database crashes, the card provider errs, while tills sell (on its own platform only)
  capacity    what a chain of --locations needs, by what an order costs
  crosscheck  single routes, by this driver and by autocannon, in turns (on its own platform only)

Options:
  --url <address>      a platform that runs, with a test organization that has a published menu
  --key <key>          its API key; better in COMANDA_API_KEY
  --location <id>      where to sell; the first location unless given
  --rate <n>           visits a second
  --duration <n>       seconds: of the whole, or of each step of stress and faults
  --sessions <n>       guests of qr-guests in all (5000)
  --arrivals <how>     poisson, as guests come, or constant (poisson)
  --seed <n>           what comes by chance comes again with the same seed (1)
  --json               print the report as JSON
  --report <file.md>   write the report into this file, in the place of the last one of the same name
  --locations <n>      of capacity: how many locations sell at once (5000)
  --orders <n>         of capacity: orders of a location in its busiest hour (120)
  --costs <file>       of capacity: count with the costs in this report of another run (--json)
  -h, --help           show this

Environment:
  COMANDA_API_KEY  the key for --url
  DATABASE_URL     without --url: a PostgreSQL of your own, with pg_stat_statements preloaded; otherwise one is started

Exit code: 0 every threshold was met and nothing was lost, 1 not so, 2 mistyped, 3 no ports, disk or servers. Ctrl-C ends it and
tells what was measured so far.

  npm run load -- peak
  npm run load -- stress --report docs/load-tests.md
  COMANDA_API_KEY=… npm run load -- peak --url https://pos.example.com --rate 100 --duration 300
  npm run --silent load -- capacity --locations 5000`;

const NUMBERS = {
  rate: [0.1, 10_000],
  duration: [1, 86_400],
  sessions: [1, 1_000_000],
  seed: [0, 2_147_483_645],
  locations: [1, 1_000_000],
  orders: [1, 10_000],
} as const;

/** So many visits are the most: each is remembered until it has been looked for. */
const MOST_VISITS = 2_000_000;

/**
 * What was typed.
 * @returns `help` where that was asked for
 * @throws BenchFailure with the sentence for whoever typed it
 */
export function readLoadOptions(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): LoadOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const number = (name: keyof typeof NUMBERS): number | undefined => numberIn(name, values[name]);
  const options: LoadOptions = {
    what: whatIn(positionals),
    url: values.url === undefined ? undefined : originIn(values.url),
    key: values.key ?? environment['COMANDA_API_KEY'],
    location: values.location,
    rate: number('rate'),
    seconds: number('duration'),
    sessions: number('sessions'),
    seed: number('seed') ?? 1,
    arrivals: oneOf('arrivals', ['poisson', 'constant'] as const, values.arrivals),
    json: values.json,
    report: values.report,
    locations: number('locations') ?? 5_000,
    orders: number('orders') ?? 120,
    costs: values.costs,
  };
  return possible(options);
}

/** What is right in each option and makes no sense together. */
function possible(options: LoadOptions): LoadOptions {
  const { what, url, key, rate = 0, seconds = 0 } = options;
  if (url !== undefined && key === undefined) throw mistyped('--url wants a key: --key, or COMANDA_API_KEY.');
  if (url !== undefined && (what === 'faults' || what === 'crosscheck'))
    throw mistyped(`${what} is for a platform that it starts itself, without --url.`);
  if (rate * seconds > MOST_VISITS)
    throw mistyped(`--rate times --duration must not be above ${MOST_VISITS.toLocaleString('en')} visits.`);
  return options;
}

function whatIn(positionals: readonly string[]): LoadOptions['what'] {
  const [what, second] = positionals;
  const all = [...SCENARIO_NAMES, ...COMMANDS] as const;
  if (what === undefined) throw mistyped(`Say what: ${all.join(', ')}.`);
  if (second !== undefined) throw mistyped(`One at a time: ${what} or ${second}.`);
  const known = all.find((name) => name === what);
  if (known === undefined) throw mistyped(`There is no "${what}": there are ${all.join(', ')}.`);
  return known;
}

function numberIn(name: keyof typeof NUMBERS, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  const [least, most] = NUMBERS[name];
  const value = Number(typed);
  const whole = name !== 'rate';
  if (!/^\d+(\.\d+)?$/.test(typed) || (whole && !Number.isInteger(value)) || value < least || value > most)
    throw mistyped(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  return value;
}

function oneOf<T extends string>(name: string, allowed: readonly T[], typed: string): T {
  const found = allowed.find((each) => each === typed);
  if (found === undefined) throw mistyped(`--${name} must be ${allowed.join(' or ')}.`);
  return found;
}

function originIn(url: string): string {
  const parsedUrl = URL.parse(url);
  if (parsedUrl === null || !/^https?:$/.test(parsedUrl.protocol))
    throw mistyped('--url must be an address such as https://pos.example.com.');
  return parsedUrl.origin;
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: text,
        key: text,
        location: text,
        rate: text,
        duration: text,
        sessions: text,
        seed: text,
        arrivals: { ...text, default: 'poisson' },
        json: { type: 'boolean', default: false },
        report: text,
        locations: text,
        orders: text,
        costs: text,
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. '); // what follows is a guess
    throw mistyped(`${sentence}.`);
  }
}

const mistyped = (sentence: string): BenchFailure =>
  new BenchFailure(`${sentence} See npm run load -- --help.`, EXIT.mistyped);
