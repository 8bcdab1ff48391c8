import type { Envelope, OrderCancelled, OrderChanged, OrderPlaced } from '@comanda/contracts';
import type { NewEvent } from '@comanda/events';
import { newId } from '@comanda/platform';
import type { Averages } from '../costs/average.js';
import type { NewMovement } from '../movements/movements.store.js';
import { stockMoved } from '../movements/stock-moved.js';
import type { RecipeBook } from '../recipes/recipe-book.js';
import { consume } from './consumption.js';
import type { BookedOrder, Rebooked } from './orders.store.js';

export type OrderEvent = Envelope<typeof OrderPlaced | typeof OrderChanged | typeof OrderCancelled>;

/** What events of orders come to: what is then booked for each order, all that moves, and the events that tell of it. */
export interface Booking {
  readonly orders: readonly Rebooked[];
  readonly movements: readonly NewMovement[];
  readonly told: readonly NewEvent[];
}

/**
 * Books events in their order. An order says what it is, not what changed: only what differs from what is booked is
 * booked. An older event changes nothing.
 * @param booked what has been booked for their orders already
 * @param costs what stock costs, by location
 */
export function bookEvents(
  events: readonly OrderEvent[],
  booked: ReadonlyMap<string, BookedOrder>,
  book: RecipeBook,
  costs: ReadonlyMap<string, Averages> = new Map(),
): Booking {
  const orders = new Map<string, Rebooked>();
  const movements: NewMovement[] = [];
  const told: NewEvent[] = [];
  for (const event of events) {
    const { aggregateVersion: version, data: order } = event;
    const { id: orderId, locationId } = order;
    const known = booked.get(orderId) ?? { orderId, ...NOTHING };
    const last = orders.get(orderId) ?? known;
    if (last.version >= version) continue;
    const { lines, movements: taken } = consume(order, last.lines, book, costs.get(locationId));
    const cause = { causeId: orderId, locationId };
    const moved = taken.map((movement) => ({ ...movement, id: newId(), ...cause }));
    const parts = stockMoved({ ...cause, orderId }, moved, { version: last.moves + 1, cause: event });
    movements.push(...moved);
    told.push(...parts);
    orders.set(orderId, {
      orderId,
      locationId,
      version,
      moves: last.moves + parts.length,
      lines,
      before: known.version,
    });
  }
  return { orders: [...orders.values()], movements, told };
}

const NOTHING = { version: 0, moves: 0, lines: {} };
