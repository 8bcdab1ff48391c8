import { OrderCancelled, OrderChanged, OrderPlaced } from '@comanda/contracts';
import { Consumes, Events, InTx, publishMany } from '@comanda/events';
import { onCommit, together, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { CostBooks } from '../costs/cost-books.js';
import { LevelKeeper } from '../levels/level-keeper.js';
import { recordMovements } from '../movements/movements.store.js';
import { RecipeBooks } from '../recipes/recipe-books.js';
import { bookEvents, type OrderEvent } from './booking.js';
import { readBooked, saveBooked } from './orders.store.js';

/** Books what orders take from stock, and what they give back: four statements and two round trips, however many orders. */
@Controller()
export class OrderConsumer {
  constructor(
    private readonly books: RecipeBooks,
    private readonly costs: CostBooks,
    private readonly keeper: LevelKeeper,
  ) {}

  @Consumes(OrderPlaced, OrderChanged, OrderCancelled)
  async book(@Events() events: readonly OrderEvent[], @InTx() tx: Tx): Promise<void> {
    const [first] = events;
    if (!first) return;
    const { organizationId } = first;
    const asked = new Map(events.map(({ data }) => [data.id, data]));
    const { booked, recipes, costs } = await readBooked(tx, [...asked.values()]);
    const book = await this.books.at(tx, organizationId, recipes);
    const { orders, movements, told } = bookEvents(events, booked, book, await this.costs.at(tx, costs));
    if (orders.length === 0) return;
    await together(
      saveBooked(tx, organizationId, orders),
      recordMovements(tx, organizationId, movements),
      publishMany(tx, told),
    );
    const locations = new Set(movements.map(({ locationId }) => locationId));
    onCommit(tx, () => this.keeper.wake(organizationId, locations));
  }
}
