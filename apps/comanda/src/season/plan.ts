import { DateTime } from 'luxon';
import { TIME_ZONE } from './bistro.js';
import { Dice } from './dice.js';
import { Script } from './script.js';
import { STORIES } from './stories.js';
import type { Visit } from './visit.js';
import { whole } from './whole-numbers.js';

/** What a season is made of; equal ones are the same season, to the cent. */
export interface Season {
  readonly seed: number;
  readonly visits: number;
}

/** How many guests are known, by number from 0. */
export const GUESTS = 40;

/** Its first day, a Monday; the clocks go back on its second Sunday. */
export const FIRST_DAY = '2025-10-20';
export const DAYS = 28;

/**
 * What happens at the restaurant in four weeks: who comes when, what they order, what becomes of it, and what they pay,
 * each step with what it comes to. Follows from the seed alone; of a longer season a shorter one is the beginning.
 */
export function visitsOf({ seed, visits }: Season): Visit[] {
  return Array.from({ length: visits }, (_, number) => visitOf(seed, number));
}

function visitOf(seed: number, number: number): Visit {
  const dice = new Dice(`season ${seed}, visit ${number}`);
  const story = STORIES[number % STORIES.length];
  if (!story) throw new Error('There are no stories.');
  const turn = whole(number, STORIES.length);
  const start = startOf(dice, story.days ?? [0, DAYS - 1]);
  const guest = story.known || dice.percent(30) ? dice.between(0, GUESTS - 1) : null;
  const script = new Script(dice, start);
  story.tell(script, turn);
  return {
    number,
    story: story.name,
    thread: story.thread ? `${story.thread} ${turn}` : `visit ${number}`,
    at: start.toJSDate(),
    channel: dice.percent(80) ? 'pos' : dice.percent(50) ? 'online' : 'phone',
    guest,
    steps: script.steps,
  };
}

/** Lunch, the afternoon, dinner, or after midnight, which belongs to the day before. */
function startOf(dice: Dice, [first, last]: readonly [number, number]): DateTime {
  const day = DateTime.fromISO(FIRST_DAY, { zone: TIME_ZONE }).plus({ days: dice.between(first, last) });
  const hour = dice.of([11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 24]);
  return day
    .plus({ days: hour === 24 ? 1 : 0 })
    .set({ hour: hour % 24, minute: dice.between(0, 59), second: dice.between(0, 59) });
}
