import {
  type LocationPolicies,
  type Order,
  type OrderFacts,
  type OrderLine,
  OrderPlaced,
  type Quote,
  type QuoteOrder,
} from '@comanda/contracts';
import { EventTooLarge, type Happening, newEvent, publishMany } from '@comanda/events';
import {
  type Caller,
  type CallOf,
  occurrenceOf,
  onCommit,
  Refusal,
  requireLocation,
  together,
  type Tx,
} from '@comanda/platform';
import { type KnownLocationRow, KnownLocations } from '@comanda/service';
import { Injectable } from '@nestjs/common';
import { policiesOf } from '../approvals/approvals.js';
import { Availability } from '../availability/availability.js';
import { Bills } from '../checks/bills.js';
import { countedBy, giveBack, quantitiesOf, takeCountdowns } from '../countdowns/countdown.store.js';
import { Followers } from '../feed/followers.js';
import { Menus } from '../menus/menus.js';
import { type Change, type KeptOrder, linesOf, type Told } from './order.js';
import { forgetPromise } from '../schedule/promises.js';
import { lockOrders, updateOrders } from './order.store.js';
import { type OnSale, quote } from './place-order.js';
import { menuHashesOf, type MenusByHash } from './reprice.js';

/** Brings decisions about orders together with what they need to know, and with what has to be stored and told of them. */
@Injectable()
export class Orders {
  constructor(
    private readonly menus: Menus,
    private readonly availability: Availability,
    private readonly bills: Bills,
    private readonly followers: Followers,
    private readonly locations: KnownLocations,
  ) {}

  async quote(
    tx: Tx,
    caller: Caller,
    location: KnownLocationRow,
    asked: CallOf<typeof QuoteOrder>['body'],
  ): Promise<Quote> {
    requireLocation(caller, location.id);
    const now = new Date();
    const { occurredAt } = occurrenceOf(caller, asked.occurredAt, location, now);
    return quote(asked, await this.onSale(tx, location.id, asked.menuHash), now, occurredAt);
  }

  /**
   * Changes an order under its lock, as `decide` says; when that gives nothing, the order stays as it is.
   * @throws Refusal `not_found`, and whatever `decide` refuses
   */
  async change(
    tx: Tx,
    caller: Caller,
    orderId: string,
    decide: (order: KeptOrder) => Change | undefined | Promise<Change | undefined>,
  ): Promise<Order> {
    const order = (await lockOrders(tx, [orderId])).get(orderId) as KeptOrder;
    requireLocation(caller, order.facts.locationId);
    const change = await decide(order);
    if (change) await this.keep(tx, order, change);
    return this.bills.answer(change?.order ?? order);
  }

  /** Changes orders that are locked, each as `decide` says, and answers with them as they then are. */
  async keepAll(
    tx: Tx,
    orders: readonly KeptOrder[],
    decide: (order: KeptOrder) => Change | undefined,
  ): Promise<Order[]> {
    const changes = orders.flatMap((order) => decide(order) ?? []);
    const after = new Map(changes.map(({ order }) => [order.facts.id, order]));
    if (changes.length > 0)
      await together(
        updateOrders(tx, [...after.values()]),
        this.tell(
          tx,
          changes.flatMap(({ told }) => told),
        ),
      );
    return orders.map((order) => this.bills.answer(after.get(order.facts.id) ?? order));
  }

  /** Stores a change of a locked order, moves its countdowns and tells of it. */
  async keep(tx: Tx, before: KeptOrder, { order, told, at }: Change): Promise<void> {
    const { added, returned } = countdownsMoved(before, order);
    const { locationId } = order.facts;
    await together(
      takeCountdowns(tx, locationId, quantitiesOf(added)),
      giveBack(tx, locationId, returned),
      updateOrders(tx, [order]),
      forgetPromise(tx, before.facts, order.facts),
      this.tell(
        tx,
        told.map((each) => ({ ...each, at })),
      ),
    );
  }

  /** Stores what payments have changed of locked orders, and tells of it. */
  async keepPaid(tx: Tx, orders: readonly KeptOrder[], told: readonly Telling[]): Promise<void> {
    if (orders.length === 0) return;
    await together(updateOrders(tx, orders), this.tell(tx, told));
  }

  /** What a location sells now, or from the menu that is named. */
  async onSale(tx: Tx, locationId: string, menuHash: string | undefined): Promise<OnSale> {
    const [menu, unavailable] = await together(
      this.menus.find(tx, locationId, menuHash),
      this.availability.at(tx, locationId),
    );
    return { menu, unavailable };
  }

  /** How the location of an order is run. */
  async policies(tx: Tx, { organizationId, facts }: KeptOrder): Promise<LocationPolicies> {
    return policiesOf(await this.locations.get(organizationId, facts.locationId, tx));
  }

  /** The menus an order was priced from. */
  menusOf(tx: Tx, order: KeptOrder): Promise<MenusByHash> {
    return this.menus.findAll(tx, order.facts.locationId, menuHashesOf(order));
  }

  /** Publishes what happened to orders, and wakes who follows them. @throws Refusal `order_too_large` */
  async tell(tx: Tx, told: readonly Telling[]): Promise<void> {
    try {
      const events = told.map(({ event, facts, at, cause }) =>
        newEvent(event, facts, { version: facts.version, occurredAt: at, cause }),
      );
      await publishMany(tx, events);
    } catch (error) {
      if (!(error instanceof EventTooLarge)) throw error;
      throw new Refusal('order_too_large', 'The order is too large: split it.', {}, { cause: error });
    }
    for (const { facts } of told) onCommit(tx, () => this.followers.changed(facts.locationId));
  }
}

/** An event of an order, when it happened, and what led to it. */
export interface Telling {
  readonly event: Told['event'] | typeof OrderPlaced;
  readonly facts: OrderFacts;
  readonly at?: Date | string | undefined;
  readonly cause?: Happening['cause'];
}

/** Lines that came since, and lines that were voided and combos that were broken before the kitchen knew of them. */
function countdownsMoved(before: KeptOrder, after: KeptOrder) {
  const known = new Map(linesOf(before.facts).map((line) => [line.id, line]));
  const lines = linesOf(after.facts);
  const voided = lines.filter(({ id, status }) => status === 'voided' && known.get(id)?.status === 'placed');
  return {
    added: countedBy(lines.filter(({ id }) => !known.has(id))),
    returned: [...countedBy(voided), ...combosBroken(known, lines)],
  };
}

/** Combos that are lines of their own now, each once; what is in them is still sold. */
function combosBroken(known: ReadonlyMap<string, OrderLine>, lines: readonly OrderLine[]) {
  const broken = lines.flatMap(({ id, combo }) => {
    const was = known.get(id);
    return was?.combo && !combo ? [{ ...was, variationId: was.combo.variationId, comboId: was.combo.id }] : [];
  });
  const byCombo = Map.groupBy(broken, ({ comboId }) => comboId).values();
  return [...byCombo].flatMap(([first, ...others]) =>
    first && [first, ...others].every(({ status }) => status === 'placed') ? [first] : [],
  );
}
