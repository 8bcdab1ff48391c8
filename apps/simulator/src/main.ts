import { parseArgs } from 'node:util';
import { readCorpus, remember } from './commands/corpus.js';
import { simulate } from './commands/simulate.js';
import type { SeedResult } from './scenario/run-seed.js';

const USAGE = `npm run seeds -- [--seeds N] [--from S] [--corpus] [--repeat N] [--workers N] [--progress FILE] [--json]
                 [--tell] [--until-failure] [--broken RULE]

  --seeds N      how many seeds to run, 300 unless given
  --from S       the first of them, 1 unless given
  --corpus       run the seeds that have failed before, too
  --repeat N     run each seed N times, every other time in reverse order; one whose runs differ fails
  --workers N    how many side by side, as many as there are cores unless given
  --progress FILE   note in a file which seeds are done, and leave those out that it says are
  --json         print { seeds, failingSeeds, operations, kills, seconds } to stdout
  --tell         print what happened in each seed, line by line
  --broken RULE  break a rule on purpose
  --until-failure   end with the first seed that fails`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    corpus: { type: 'boolean', default: false },
    repeat: { type: 'string', default: '1' },
    workers: { type: 'string' },
    progress: { type: 'string' },
    json: { type: 'boolean', default: false },
    tell: { type: 'boolean', default: false },
    broken: { type: 'string' },
    'until-failure': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const tellOf = ({ seed, violations, lines }: SeedResult): void => {
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
  if (violations.length === 0) return;
  const broken = values.broken === undefined ? '' : ` --broken ${values.broken}`;
  process.stderr.write(
    `seed ${seed} fails:\n${violations
      .slice(0, 10)
      .map((each) => `  ${each}\n`)
      .join('')}`,
  );
  process.stderr.write(`  again: npm run seeds -- --from ${seed} --seeds 1 --tell${broken}\n`);
};

const [from, count, repeat] = [Number(values.from), Number(values.seeds), Number(values.repeat)];
const range = Array.from({ length: count }, (_, at) => from + at);
const once = [...new Set([...(values.corpus ? await readCorpus() : []), ...range])];
// There and back: what a seed comes to must not depend on what was played before it.
const wanted = Array.from({ length: repeat }, (_, round) => (round % 2 === 0 ? once : once.toReversed())).flat();
const progress = await remember(values.progress);
const seeds = wanted.filter((seed) => !progress.done.has(seed));
const traces = new Map<number, string>();
const failing = new Set<number>();
let ended = 0;
const summary = await simulate({
  seeds,
  workers: values.workers === undefined ? undefined : Number(values.workers),
  broken: values.broken,
  tell: values.tell,
  untilFailure: values['until-failure'],
  onResult(given) {
    ended++;
    const before = traces.get(given.seed) ?? given.trace;
    traces.set(given.seed, before);
    const differs = before === given.trace ? [] : ['It is not the same run twice.'];
    const result = { ...given, violations: [...given.violations, ...differs] };
    if (result.violations.length > 0) failing.add(result.seed);
    progress.note(result);
    tellOf(result);
    if (ended % 100 === 0) process.stderr.write(`${ended} of ${seeds.length} seeds\n`);
  },
});
const total = progress.added({ ...summary, failingSeeds: [...failing].toSorted((one, other) => one - other) });
process.stdout.write(
  values.json
    ? `${JSON.stringify(total)}\n`
    : `${total.seeds} seeds, ${total.failingSeeds.length} failing, ${total.operations} operations, ${total.kills} kills, ${total.seconds} s\n`,
);
process.exitCode = total.failingSeeds.length > 0 ? 1 : 0;
