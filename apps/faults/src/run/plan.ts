import { SCENARIOS } from '../scenarios/index.js';
import type { Scenario } from './scenario.js';

/** One play of a scenario: what it is found again by. */
export interface Part {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly kills: number;
}

/**
 * Shares the kills out over the scenarios that kill, in plays of at most fifty, each with a seed of its own: what fails
 * is seen again by that play alone. Those that kill nothing are played once.
 */
export function planOf({
  only,
  kills,
  seed,
}: {
  only?: readonly string[] | undefined;
  kills?: number | undefined;
  seed: number;
}): Part[] {
  const chosen = SCENARIOS.filter(({ id }) => !only || only.includes(id));
  return chosen.flatMap((scenario) => {
    const share = scenario.share ?? 0;
    if (share === 0) return [{ scenario, seed, kills: 0 }];
    const all = Math.ceil(only ? (kills ?? 50) : (kills ?? 1_000) * share);
    const plays = Math.ceil(all / MOST);
    return Array.from({ length: plays }, (_, play) => ({
      scenario,
      seed: seed + play,
      kills: Math.min(MOST, all - play * MOST),
    }));
  });
}

const MOST = 50;
