import { Progress } from './progress.js';
import { planOf } from './plan.js';
import { isKept, type Outcome, play } from './play.js';
import type { Options } from './program.js';
import { State } from './state.js';
import { World } from '../world/world.js';

/** What came of a whole run. */
export interface Report {
  readonly outcomes: readonly Outcome[];
}

/**
 * Plays what is asked for, one scenario after the other on one platform; after a promise that was not kept the next begins on
 * a new one. What an earlier run has done is taken from its notes.
 * @throws CannotRun when servers, ports or room are missing
 */
export async function runAll({
  only,
  kills,
  seed,
  state: file,
  fresh = false,
}: Omit<Options, 'json'>): Promise<Report> {
  const progress = new Progress();
  const state = await State.open(file, { only, kills, seed }, fresh);
  const outcomes: Outcome[] = [];
  let world: World | undefined;
  try {
    for (const { scenario, ...part } of planOf({ only, kills, seed: state.seed })) {
      const name = `${scenario.id} --seed ${part.seed}`;
      const before = state.done(name);
      if (before) {
        outcomes.push(before);
        continue;
      }
      world ??= await World.open((step) => progress.say(step));
      progress.say(`${scenario.id}: ${scenario.title}`);
      const outcome = await play(scenario, world, { ...part, say: (step) => progress.say(`${scenario.id}: ${step}`) });
      outcomes.push(outcome);
      await state.note(name, outcome);
      progress.say(`${scenario.id}: ${isKept(outcome) ? 'kept' : 'BROKEN'} in ${outcome.seconds} s`);
      if (isKept(outcome)) continue;
      for (const sentence of [...outcome.lost, ...outcome.duplicated, ...outcome.violations].slice(0, 10))
        progress.say(sentence);
      progress.say(
        `again: npm run faults -- --only ${scenario.id} --seed ${part.seed}${part.kills > 0 ? ` --kills ${part.kills}` : ''}`,
      );
      const spoiled = world;
      world = undefined;
      await spoiled.close();
    }
  } finally {
    await world?.close();
  }
  return { outcomes };
}
