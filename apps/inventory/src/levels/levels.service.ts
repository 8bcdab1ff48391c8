import { StockDepleted } from '@comanda/contracts';
import { publishMany } from '@comanda/events';
import { METRICS, onCommit, type Tx } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { RecipeBooks } from '../recipes/recipe-books.js';
import {
  depletedLevels,
  levelsOf,
  lockLevels,
  lockLevelsOf,
  type Place,
  saveTold,
  settleLevels,
} from './levels.store.js';
import { crossedLevels, tell, type Told } from './tell.js';

/** Keeps levels true to their movements, and tells of the thresholds they cross. */
@Injectable()
export class Levels {
  readonly #stockOuts: Counter;

  constructor(
    private readonly books: RecipeBooks,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#stockOuts = new Counter({ name: 'stock_outs_total', help: 'Levels that ran out.', registers: [metrics] });
  }

  /** Settles a location with everything committed so far and what this transaction has recorded. */
  async settle(tx: Tx, { organizationId, locationId }: Place): Promise<void> {
    // Sent together; the second waits for the lock, and sees what is committed when it has it.
    const [, levels] = await Promise.all([lockLevels(tx, locationId), settleLevels(tx, organizationId, locationId)]);
    const crossed = crossedLevels(levels);
    if (!crossed.some(({ level, depleted }) => depleted !== level.depleted)) return this.#save(tx, tell(crossed));
    const out = await depletedLevels(tx, locationId);
    const book = await this.books.newest(tx, organizationId);
    const now = new Date();
    await this.#save(
      tx,
      tell(crossed, out, (stockItemId) => book.variationsWith(stockItemId, now)),
    );
  }

  /** Tells where a stock item is low now that its thresholds have moved. Whether it is there at all does not depend on them. */
  async tellLow(tx: Tx, stockItemId: string): Promise<void> {
    await lockLevelsOf(tx, stockItemId);
    await this.#save(tx, tell(crossedLevels(await levelsOf(tx, stockItemId))));
  }

  async #save(tx: Tx, { levels, events }: Told): Promise<void> {
    if (levels.length === 0) return;
    await Promise.all([saveTold(tx, levels), publishMany(tx, events)]);
    const outs = events.filter(({ type }) => type === StockDepleted.type).length;
    onCommit(tx, () => this.#stockOuts.inc(outs));
  }
}
