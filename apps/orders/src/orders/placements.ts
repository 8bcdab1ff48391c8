import { type Order, OrderPlaced, type PlaceOrder } from '@comanda/contracts';
import { type Cause, causeOfNow } from '@comanda/events';
import {
  ALONE,
  type Answer,
  type CallOf,
  done,
  type GroupCommit,
  groupedEffects,
  isDone,
  METRICS,
  onCommit,
  type Outcome,
  outcomeOf,
  Refusal,
  requireLocation,
  requireScope,
  together,
  type Tx,
} from '@comanda/platform';
import { type KnownLocationRow, KnownLocations } from '@comanda/service';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { policiesOf } from '../approvals/approvals.js';
import { Bills } from '../checks/bills.js';
import { countedBy, countedDown, quantitiesOf, type Quantity, takeCountdowns } from '../countdowns/countdown.store.js';
import { Grants } from '../grants/grants.js';
import { unboundGrants, useGrants } from '../grants/used-grants.store.js';
import { linesOf } from './order.js';
import { insertOrders } from './order.store.js';
import { handsAt } from '../staff/staff.store.js';
import { keepPromise } from '../schedule/promises.js';
import { Orders } from './orders.js';
import { type NewKeptOrder, placeOrder } from './place-order.js';

/** A request to place an order. */
interface Placing {
  readonly call: CallOf<typeof PlaceOrder>;
  readonly cause: Cause;
}

/** An order that may be kept, and the request that asked for it. */
interface Accepted {
  readonly order: NewKeptOrder;
  readonly location: KnownLocationRow;
  readonly cause: Cause;
}

/**
 * Places orders. Those of an organization that come at about the same time are priced one by one and written together: a
 * location's numbers are counted under one lock, which the orders of a rush would otherwise hold one after the other.
 */
@Injectable()
export class Placements {
  readonly #group: GroupCommit<Placing, Answer<Order>>;
  readonly #placed: Counter<'channel'>;

  constructor(
    db: DataSource,
    private readonly locations: KnownLocations,
    private readonly orders: Orders,
    private readonly bills: Bills,
    private readonly grants: Grants,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#group = groupedEffects<Placing, Order>(db, {
      apart: () => [],
      together: (tx, group) => this.#placeAll(tx, group),
      alone: (tx, placing) => this.#place(tx, placing),
    });
    this.#placed = new Counter({
      name: 'orders_placed_total',
      help: 'Orders accepted, by channel.',
      labelNames: ['channel'],
      registers: [metrics],
    });
  }

  /**
   * Accepts an order.
   * @throws Refusal as `placeOrder` and `insertOrders`, `reference_unknown`, `countdown_exhausted`, `slot_full`
   */
  place(call: CallOf<typeof PlaceOrder>): Promise<Answer<Order>> {
    return this.#group.run({ call, cause: causeOfNow() });
  }

  /** What is counted down, what a till reserved for any order, and a place in a slot is locked: such an order is placed alone. */
  async #placeAll(tx: Tx, group: readonly Placing[]): Promise<Outcome<Order>[]> {
    const accepted = await this.#acceptAll(tx, group);
    const counted = await countedDown(tx, done(accepted).flatMap(wantedBy));
    const decided = accepted.map((outcome) =>
      isDone(outcome) &&
      (wantedBy(outcome).some(({ variationId }) => counted.has(variationId)) ||
        grantsOfAnyOrder(outcome).length > 0 ||
        outcome.order.facts.scheduled)
        ? ALONE
        : outcome,
    );
    const kept = (await this.#keep(tx, done(decided))).values();
    return decided.map((outcome) => (isDone(outcome) ? (kept.next().value ?? ALONE) : outcome));
  }

  /** What has to be read of places, of a thousand perhaps, is asked for at once; of each place once, for all of its orders. */
  async #acceptAll(tx: Tx, group: readonly Placing[]): Promise<(Accepted | Refusal)[]> {
    const before = new Map<string, Promise<unknown>>();
    return together(
      ...group.map((placing) => {
        const { locationId } = placing.call.body;
        const accept = () => outcomeOf(() => this.#accept(tx, placing));
        const accepted = before.get(locationId)?.then(accept) ?? accept();
        before.set(locationId, accepted);
        return accepted;
      }),
    );
  }

  async #place(tx: Tx, placing: Placing): Promise<Order> {
    const accepted = await this.#accept(tx, placing);
    await useGrants(tx, heldBy(accepted), grantsOfAnyOrder(accepted));
    await keepPromise(tx, accepted.order, accepted.location, policiesOf(accepted.location).scheduling);
    await takeCountdowns(tx, accepted.order.facts.locationId, wantedBy(accepted));
    const [order] = await this.#keep(tx, [accepted]);
    if (!order) throw new Error('An order was inserted and did not come back.');
    return order;
  }

  async #accept(tx: Tx, { call: { caller, body }, cause }: Placing): Promise<Accepted> {
    const { organizationId } = caller;
    requireLocation(caller, body.locationId);
    if (body.completed) requireScope(caller, 'orders:import');
    // A grant is for one order: who names none has none.
    this.grants.require(body.discounts, { organizationId, orderId: body.id ?? '' });
    const [location, onSale] = await together(
      this.locations.get(organizationId, body.locationId, tx),
      this.orders.onSale(tx, body.locationId, body.menuHash),
    );
    const authority = { hands: await handsAt(tx, body, location.id), policies: policiesOf(location) };
    return { order: placeOrder(body, { caller, place: location, onSale, authority }), location, cause };
  }

  /** Numbers accepted orders, stores them and tells of them. */
  async #keep(tx: Tx, accepted: readonly Accepted[]): Promise<Order[]> {
    if (accepted.length === 0) return [];
    const orders = await insertOrders(
      tx,
      accepted.map(({ order }) => order),
    );
    await this.orders.tell(
      tx,
      orders.map(({ facts }, at) => ({ event: OrderPlaced, facts, at: facts.occurredAt, cause: accepted[at]?.cause })),
    );
    onCommit(tx, () => {
      for (const { facts } of orders) this.#placed.inc({ channel: facts.channel });
    });
    return orders.map((order) => this.bills.answer(order));
  }
}

/** What an order would take off countdowns: of what the guests already have, nothing. */
const wantedBy = ({ order }: Accepted): Quantity[] =>
  quantitiesOf(countedBy(linesOf(order.facts).filter(({ status }) => status === 'placed')));

/** The grants it uses that are not for a certain order. */
const grantsOfAnyOrder = ({ order: { terms } }: Accepted): string[] =>
  Object.values(terms).flatMap(({ discounts }) => unboundGrants(discounts));

const heldBy = ({ order: { organizationId, facts } }: Accepted) => ({ organizationId, orderId: facts.id });
