import type { Dice } from '../dice.js';
import type { Traffic } from '../traffic/traffic.js';
import type { World } from '../world/world.js';

/** A fault on the worst Friday of the year: what is done, while guests order and pay, and what must come of it. */
export interface Scenario {
  /** As the table in docs/reliability.md numbers it. */
  readonly id: string;
  /** What is done. */
  readonly title: string;
  /** Which part of all kills is its own; none, unless given. */
  readonly share?: number;
  /** What its world has that others have not; it is played on one of its own. */
  readonly needs?: 'a small disk';
  /** How guests behave meanwhile. */
  readonly guests?: {
    readonly tills?: number;
    readonly pace?: number;
    readonly sources?: readonly [string, ...string[]];
  };
  /**
   * Makes the fault, heals it and waits for what was promised, while guests are served.
   * @throws Broken when a promise is not kept
   */
  readonly play: (stage: Stage) => Promise<Played>;
}

/** Where a scenario is played. */
export interface Stage {
  readonly world: World;
  readonly traffic: Traffic;
  readonly dice: Dice;
  /** How often a scenario that can go on for ever is to kill. */
  readonly kills: number;
  readonly say: (step: string) => void;
}

/** What was done, and what was seen: each figure by its name. */
export interface Played {
  readonly kills?: number;
  readonly faults?: number;
  /** Why it was not done, where the machine does not let it. */
  readonly skipped?: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}
