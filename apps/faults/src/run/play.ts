import { Broken, CannotRun } from '../broken.js';
import { Dice } from '../dice.js';
import { accountFor, audit } from '../traffic/accounting.js';
import { Traffic } from '../traffic/traffic.js';
import type { World } from '../world/world.js';
import type { Played, Scenario } from './scenario.js';

/** What came of one scenario under one seed. */
export interface Outcome {
  readonly id: string;
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
  readonly faults: number;
  readonly operations: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** What an invariant found, and every other promise that was not kept. */
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number | string>>;
  /** Why it was not done. */
  readonly skipped?: string | undefined;
}

export const isKept = ({ lost, duplicated, violations }: Outcome): boolean =>
  lost.length + duplicated.length + violations.length === 0;

/** Plays a scenario while guests are served, heals everything, and holds what clients were told against what there is. */
export async function play(
  scenario: Scenario,
  world: World,
  { seed, kills, say }: { readonly seed: number; readonly kills: number; readonly say: (step: string) => void },
): Promise<Outcome> {
  const start = performance.now();
  const dice = new Dice(seed).fork(scenario.id);
  const traffic = await Traffic.begin(world, { dice: dice.fork('guests'), ...scenario.guests });
  const violations: string[] = [];
  const promised = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CannotRun) throw error;
      // What nobody thought of is no promise kept either.
      violations.push(error instanceof Broken ? error.message : String((error as Error).stack ?? error));
      return otherwise;
    }
  };
  const played: Played = await promised<Played>(() => scenario.play({ world, traffic, dice, kills, say }), {});
  say('healing');
  await world.heal();
  await promised(async () => void (await traffic.stop()), undefined);
  say('accounting');
  const nothing = { operations: traffic.journal.operations, lost: [], duplicated: [] };
  const account = await promised(
    () => accountFor({ orders: world.databaseOf('orders'), payments: world.databaseOf('payments') }, traffic.journal),
    nothing,
  );
  violations.push(...traffic.journal.defects, ...(await promised(() => audit(world), [])));
  return {
    id: scenario.id,
    seed,
    seconds: Math.round((performance.now() - start) / 1_000),
    kills: played.kills ?? 0,
    faults: played.faults ?? played.kills ?? 0,
    figures: played.figures ?? {},
    skipped: played.skipped,
    violations,
    ...account,
  };
}
