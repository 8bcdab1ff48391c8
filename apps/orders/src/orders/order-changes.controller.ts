import {
  AddLines,
  AmendOrder,
  BreakCombo,
  CancelOrder,
  CompleteOrder,
  DiscountLine,
  type Endpoint as Described,
  FireOrder,
  HoldLines,
  type Order,
  ReadyOrder,
  type Return,
  ReturnLines,
  VoidLine,
  WaiveCharge,
} from '@comanda/contracts';
import {
  type Answer,
  Call,
  type Caller,
  type CallOf,
  Endpoint,
  idempotently,
  inTransaction,
  newId,
  type Occurrence,
  occurrenceOf,
  requireVersion,
  type Tx,
} from '@comanda/platform';
import { KnownLocationRow } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Authority } from '../approvals/approvals.js';
import { Bills } from '../checks/bills.js';
import { discountLine } from '../checks/discount-line.js';
import { orderDiscounts } from '../checks/discounts.js';
import { waiveCharge } from '../checks/waive-charge.js';
import { Grants } from '../grants/grants.js';
import { unboundGrants, useGrants } from '../grants/used-grants.store.js';
import { fire, hold } from '../kitchen/fire.js';
import { handsAt, type Named } from '../staff/staff.store.js';
import { breakCombo } from './break-combo.js';
import { addLines, amend, cancel, complete, ready, voidLine } from './change-order.js';
import type { Change, KeptOrder } from './order.js';
import { returnLines } from './return-lines.js';
import { Orders } from './orders.js';

@Controller()
export class OrderChangesController {
  constructor(
    private readonly db: DataSource,
    private readonly orders: Orders,
    private readonly bills: Bills,
    private readonly grants: Grants,
  ) {}

  @Endpoint(AmendOrder)
  amend(@Call() call: CallOf<typeof AmendOrder>): Promise<Order> {
    const {
      caller,
      params: { orderId },
      body,
    } = call;
    const { organizationId } = caller;
    return inTransaction(this.db, organizationId, (tx) =>
      this.orders.change(tx, caller, orderId, async (order) => {
        requireVersion(call, this.bills.answer(order));
        const { discounts = [] } = body;
        const known = Object.values(order.terms).flatMap((terms) => terms.discounts);
        this.grants.require(discounts, { organizationId, orderId, known });
        await useGrants(tx, { organizationId, orderId }, unboundGrants(orderDiscounts(discounts)));
        const authority = await this.#authority(tx, order, body);
        return amend(order, body, await this.orders.menusOf(tx, order), { authority, by: caller.id });
      }),
    );
  }

  @Endpoint(AddLines)
  addLines(@Call() call: CallOf<typeof AddLines>): Promise<Answer<Order>> {
    const { caller, body } = call;
    return this.#changeOnce(call, async (tx, order) => {
      const when = await occurrence(tx, caller, order, body.occurredAt);
      const onSale = await this.orders.onSale(tx, order.facts.locationId, body.menuHash);
      const menus = await this.orders.menusOf(tx, order);
      const authority = await this.#authority(tx, order, body);
      return addLines(order, body, { onSale, menus, when, now: new Date(), authority });
    });
  }

  @Endpoint(VoidLine)
  voidLine(@Call() call: CallOf<typeof VoidLine>): Promise<Answer<Order>> {
    const { caller, params, body } = call;
    return this.#changeOnce(call, async (tx, order) => {
      const when = await occurrence(tx, caller, order, body.occurredAt);
      const authority = await this.#authority(tx, order, body);
      const reason = { reason: body.reason, by: caller.id, when, authority };
      return voidLine(order, params.lineId, reason, await this.orders.menusOf(tx, order));
    });
  }

  @Endpoint(WaiveCharge)
  waiveCharge(@Call() call: CallOf<typeof WaiveCharge>): Promise<Answer<Order>> {
    const { caller, params, body } = call;
    return this.#changeOnce(call, async (tx, order) => {
      const when = await occurrence(tx, caller, order, body.occurredAt);
      const authority = await this.#authority(tx, order, body);
      const reason = { reason: body.reason, by: caller.id, when, authority };
      return waiveCharge(order, params.chargeId, reason, await this.orders.menusOf(tx, order));
    });
  }

  @Endpoint(BreakCombo)
  breakCombo(@Call() call: CallOf<typeof BreakCombo>): Promise<Answer<Order>> {
    return this.#changeOnce(call, async (tx, order) =>
      breakCombo(order, call.params.comboId, await this.orders.menusOf(tx, order)),
    );
  }

  @Endpoint(DiscountLine)
  discountLine(@Call() call: CallOf<typeof DiscountLine>): Promise<Answer<Order>> {
    const { params, body } = call;
    return this.#changeOnce(call, async (tx, order) => {
      const authority = await this.#authority(tx, order, body);
      const menus = await this.orders.menusOf(tx, order);
      return discountLine(order, params.lineId, body.discount, { authority, menus });
    });
  }

  @Endpoint(ReturnLines)
  returnLines(@Call() call: CallOf<typeof ReturnLines>): Promise<Answer<Return>> {
    const { caller, params, body } = call;
    const returned = { ...body, id: body.id ?? newId() };
    return idempotently(this.db, call, async (tx) => {
      const order = await this.orders.change(tx, caller, params.orderId, async (before) => {
        const when = await occurrence(tx, caller, before, body.occurredAt);
        const authority = await this.#authority(tx, before, body);
        return returnLines(before, returned, { reason: body.reason, by: caller.id, when, authority });
      });
      const made = order.returns?.find(({ id }) => id === returned.id);
      if (!made) throw new Error('A return was kept and is not on its order.');
      return made;
    });
  }

  @Endpoint(FireOrder)
  fire(@Call() call: CallOf<typeof FireOrder>): Promise<Answer<Order>> {
    return this.#changeOnce(call, async (tx, order) => fire(order, call.body, await this.orders.policies(tx, order)));
  }

  @Endpoint(HoldLines)
  hold(@Call() call: CallOf<typeof HoldLines>): Promise<Answer<Order>> {
    return this.#changeOnce(call, (_, order) => hold(order, call.body));
  }

  @Endpoint(ReadyOrder)
  ready(@Call() call: CallOf<typeof ReadyOrder>): Promise<Answer<Order>> {
    return this.#changeOnce(call, (_, order) => ready(order));
  }

  @Endpoint(CompleteOrder)
  complete(@Call() call: CallOf<typeof CompleteOrder>): Promise<Answer<Order>> {
    return this.#changeOnce(call, (_, order) => complete(order));
  }

  @Endpoint(CancelOrder)
  cancel(@Call() call: CallOf<typeof CancelOrder>): Promise<Answer<Order>> {
    const { caller, body } = call;
    return this.#changeOnce(call, async (tx, order) => {
      const when = await occurrence(tx, caller, order, body.occurredAt);
      const authority = await this.#authority(tx, order, body);
      const reason = { reason: body.reason, by: caller.id, when, authority };
      return cancel(order, reason, await this.orders.menusOf(tx, order));
    });
  }

  /** Who does it, and what the location lets them do. @throws Refusal `reference_unknown` */
  async #authority(tx: Tx, order: KeptOrder, named: Named): Promise<Authority> {
    const hands = await handsAt(tx, named, order.facts.locationId);
    return { hands, policies: await this.orders.policies(tx, order) };
  }

  /** A change that commutes with others: under the order's lock, once for its key. */
  #changeOnce(
    call: Pick<CallOf<Described>, 'endpoint' | 'caller' | 'idempotency'> & { params: { orderId: string } },
    decide: (tx: Tx, order: KeptOrder) => Change | undefined | Promise<Change | undefined>,
  ): Promise<Answer<Order>> {
    return idempotently(this.db, call, (tx) =>
      this.orders.change(tx, call.caller, call.params.orderId, (order) => decide(tx, order)),
    );
  }
}

/** When something happened to an order, by the business day of its location. @throws Refusal `time_not_allowed` */
async function occurrence(
  tx: Tx,
  caller: Caller,
  { facts }: KeptOrder,
  given: string | undefined,
): Promise<Occurrence> {
  const location = await tx.findOneByOrFail(KnownLocationRow, { id: facts.locationId });
  return occurrenceOf(caller, given, location);
}
