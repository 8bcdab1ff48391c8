import { Progress } from './progress.js';
import { type Part, planOf } from './plan.js';
import { isKept, type Outcome, play } from './play.js';
import type { Options } from './program.js';
import { playSeeds, type Seeds } from './seeds.js';
import { State } from './state.js';
import { World } from '../world/world.js';

/** What came of a whole run. */
export interface Report {
  readonly outcomes: readonly Outcome[];
  readonly simulated: Seeds;
}

/**
 * Plays what is asked for, one scenario after the other on one platform; after a promise that was not kept the next begins on
 * a new one. What an earlier run has done is taken from its notes.
 * @throws CannotRun when servers, ports or room are missing
 */
export async function runAll({
  only,
  kills,
  seeds,
  seed,
  state: file,
  fresh = false,
}: Omit<Options, 'json'>): Promise<Report> {
  const progress = new Progress();
  const state = await State.open(file, { only, kills, seed }, fresh);
  const outcomes: Outcome[] = [];
  let world: World | undefined;
  const interrupt = (): void => {
    progress.say('stopping; the same command goes on from here');
    void closed(world).finally(() => process.exit(INTERRUPTED));
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    for (const { scenario, ...part } of planOf({ only, kills, seed: state.seed })) {
      const name = `${scenario.id} --seed ${part.seed}`;
      const before = state.done(name);
      if (before) {
        outcomes.push(before);
        continue;
      }
      if (scenario.needs) world = await closed(world);
      world ??= await World.open((step) => progress.say(step), scenario.needs);
      progress.say(`${scenario.id}: ${scenario.title}`);
      const outcome = await play(scenario, world, { ...part, say: (step) => progress.say(`${scenario.id}: ${step}`) });
      outcomes.push(outcome);
      await state.note(name, outcome);
      tell(progress, outcome, part);
      // What was broken may break what follows, and what a scenario needs is its own.
      if (!isKept(outcome) || scenario.needs) world = await closed(world);
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    await closed(world);
  }
  const simulated: Seeds =
    !only || only.includes(SIMULATOR)
      ? await playSeeds({ seeds, from: state.seed, progress: `${file}.seeds`, fresh })
      : { seeds: 0, failingSeeds: [] };
  return { outcomes, simulated };
}

async function closed(world: World | undefined): Promise<undefined> {
  await world?.close();
}

function tell(progress: Progress, outcome: Outcome, { seed, kills }: Pick<Part, 'seed' | 'kills'>): void {
  const { id, seconds, lost, duplicated, violations, skipped } = outcome;
  if (skipped) return progress.say(`${id}: skipped, ${skipped}`);
  if (isKept(outcome)) return progress.say(`${id}: kept in ${seconds} s`);
  progress.say(`${id}: BROKEN in ${seconds} s`);
  for (const sentence of [...lost, ...duplicated, ...violations].slice(0, ENOUGH)) progress.say(sentence);
  progress.say(`again: npm run faults -- --only ${id} --seed ${seed}${kills > 0 ? ` --kills ${kills}` : ''}`);
}

/** What the simulator goes by among the faults. */
export const SIMULATOR = 'seeds';
const ENOUGH = 10;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;
