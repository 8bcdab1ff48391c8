import type { Comanda } from '@comanda/client';
import { Accounts } from './accounts.js';
import { openRestaurant, type Restaurant } from './open-restaurant.js';
import { type Season, visitsOf } from './plan.js';
import type { Visit } from './visit.js';
import { type Trouble, VisitPlayer } from './visit-player.js';

/**
 * Plays a season through the public API, each visit at its own time, many at once and those of a thread one after another.
 * Every answer is held against the plan to the cent. Keys and ids follow from the season: a second run changes nothing.
 */
export async function playSeason({ api, concurrency, progress, ...season }: PlayOptions): Promise<Played> {
  const visits = visitsOf(season);
  const restaurant = await openRestaurant(api, season);
  const accounts = new Accounts(api, restaurant);
  const troubles: Trouble[] = [];
  let [placed, done] = [0, 0];
  const byTime = visits.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const threads = Map.groupBy(byTime, ({ thread }) => thread).values();
  const play = async (visit: Visit): Promise<void> => {
    const { isNew, trouble } = await new VisitPlayer(api, restaurant, accounts, visit).play();
    if (isNew) placed += 1;
    if (trouble) troubles.push(trouble);
    progress((done += 1), visits.length);
  };
  const worker = async (): Promise<void> => {
    // All workers take from the one iterator: each thread is played by one of them.
    for (const thread of threads) for (const visit of thread) await play(visit);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { restaurant, visits, placed, troubles };
}

export interface Played {
  readonly restaurant: Restaurant;
  readonly visits: readonly Visit[];
  /** Visits that were not there before. */
  readonly placed: number;
  readonly troubles: readonly Trouble[];
}

export interface PlayOptions extends Season {
  readonly api: Comanda;
  readonly concurrency: number;
  readonly progress: (done: number, all: number) => void;
}
