import { type Envelope, OrderCancelled, OrderChanged, OrderPlaced } from '@comanda/contracts';
import { Consumes, Events, InTx, publishMany } from '@comanda/events';
import { newId, onCommit, type Tx } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { LevelKeeper } from '../levels/level-keeper.js';
import { recordMovements } from '../movements/movements.store.js';
import { stockMoved } from '../movements/stock-moved.js';
import { RecipeBooks } from '../recipes/recipe-books.js';
import { consume } from './consumption.js';
import { readKnown, saveConsumption } from './orders.store.js';

type OrderEvent = Envelope<typeof OrderPlaced | typeof OrderChanged | typeof OrderCancelled>;

/** Books what orders take from stock, and what they give back. */
@Controller()
export class OrderConsumer {
  constructor(
    private readonly books: RecipeBooks,
    private readonly keeper: LevelKeeper,
  ) {}

  @Consumes(OrderPlaced, OrderChanged, OrderCancelled)
  async book(@Events() events: readonly OrderEvent[], @InTx() tx: Tx): Promise<void> {
    for (const event of events) await this.#book(event, tx);
  }

  /** An order says what it is, not what changed: only what differs from what is booked is booked. An older event changes nothing. */
  async #book({ organizationId, aggregateVersion, data: order }: OrderEvent, tx: Tx): Promise<void> {
    const known = await readKnown(tx, order.id);
    if (known.version >= aggregateVersion) return;
    const book = await this.books.at(tx, organizationId, known.recipes);
    const { lines, movements } = consume(order, known.lines, book);
    const { id: causeId, locationId } = order;
    const place = { organizationId, locationId };
    const moved = movements.map((movement) => ({ id: newId(), ...movement }));
    const events = stockMoved({ causeId, orderId: causeId, locationId }, moved, known.moves + 1);
    const next = { version: aggregateVersion, moves: known.moves + events.length, lines };
    const saved = saveConsumption(tx, { id: causeId, ...place }, next, known.version);
    if (moved.length === 0) return saved;
    // Sent together: one round trip.
    await Promise.all([saved, recordMovements(tx, { ...place, causeId }, moved), publishMany(tx, events)]);
    onCommit(tx, () => this.keeper.wake(place));
  }
}
