import { StockDepleted } from '@comanda/contracts';
import { publishMany } from '@comanda/events';
import { METRICS, onCommit, together, type Tx } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { RecipeBooks } from '../recipes/recipe-books.js';
import { depletedLevels, levelsOf, lockLevels, lockLevelsOf, saveTold, settleLevels } from './levels.store.js';
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

  /** Settles locations with everything committed so far and what this transaction has recorded. */
  async settle(tx: Tx, organizationId: string, locationIds: readonly string[]): Promise<void> {
    // Sent together; the second waits for the locks, and sees what is committed when it has them.
    const [, levels] = await together(lockLevels(tx, locationIds), settleLevels(tx, organizationId, locationIds));
    const crossed = crossedLevels(levels);
    const turned = crossed.filter(({ level, depleted }) => depleted !== level.depleted);
    if (turned.length === 0) return this.#save(tx, [tell(crossed)]);
    const out = await depletedLevels(tx, [...new Set(turned.map(({ level }) => level.locationId))]);
    const book = await this.books.newest(tx, organizationId);
    const now = new Date();
    const places = Map.groupBy(crossed, ({ level }) => level.locationId);
    const told = [...places].map(([locationId, ofOne]) =>
      tell(
        ofOne,
        out.filter((level) => level.locationId === locationId),
        (stockItemId) => book.variationsWith(stockItemId, now),
      ),
    );
    await this.#save(tx, told);
  }

  /** Tells where a stock item is low now that its thresholds have moved. Whether it is there at all does not depend on them. */
  async tellLow(tx: Tx, stockItemId: string): Promise<void> {
    await lockLevelsOf(tx, stockItemId);
    await this.#save(tx, [tell(crossedLevels(await levelsOf(tx, stockItemId)))]);
  }

  async #save(tx: Tx, told: readonly Told[]): Promise<void> {
    const levels = told.flatMap((each) => each.levels);
    const events = told.flatMap((each) => each.events);
    if (levels.length === 0) return;
    await together(saveTold(tx, levels), publishMany(tx, events));
    const outs = events.filter(({ type }) => type === StockDepleted.type).length;
    onCommit(tx, () => this.#stockOuts.inc(outs));
  }
}
