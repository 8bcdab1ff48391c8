import { OrderCancelled, OrderChanged, OrderFired, StaffChanged } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { menu, ON_THE_MENU as on, seal } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

let shop: Shop;
let it: TestService;
/** A place that asks for stations, and for approval where the kitchen has something. */
let strict: string;
let waiter: string;
let manager: string;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
  ({ id: strict } = await it.makeLocation({ policies: { stations: 'required', voidAfterSend: 'approved' } }));
  const { hash: _, ...usual } = menu({ locationId: strict });
  const items = usual.items.map((item) => (item.id === on.beer ? item : { ...item, station: 'grill' }));
  await shop.publish(seal({ ...usual, items }), 1);
  [waiter, manager] = [await hire('waiter'), await hire('manager')];
});

async function hire(role: string, more: { active?: boolean; locationIds?: string[] | null } = {}): Promise<string> {
  const staffId = newId();
  await it.deliver(StaffChanged, { staffId, role, locationIds: null, active: true, ...more });
  return staffId;
}

const pizza = (more: object = {}) => ({ variationId: on.margheritaLarge, ...more });
const pint = (more: object = {}) => ({ variationId: on.beerPint, ...more });
const place = (lines: object[], more: object = {}) => it.call('post', '/v1/orders').send(shop.body({ lines, ...more }));
const post = (path: string, body?: object) => it.call('post', `/v1/orders/${path}`).send(body);
const statesOf = (order: { checks: { lines: { status: string }[] }[] }) =>
  order.checks.flatMap(({ lines }) => lines.map(({ status }) => status));
/** The tickets of each event of a kind that was told of an order. */
const ticketsOf = async (
  definition: typeof OrderFired | typeof OrderChanged | typeof OrderCancelled,
  orderId: string,
) => (await it.published(definition)).filter(({ subject }) => subject === orderId).map(({ data }) => data.tickets);

describe('courses, hold and fire (server half)', () => {
  test('an unfired course stays placed, and the event that fires one says what to print', async () => {
    const { body: order } = await place([pint(), pizza({ course: 'mains', hold: true })]).expect(201);
    const { body: first } = await post(`${order.id}/fire`).expect(200);
    expect(statesOf(first)).toEqual(['fired', 'placed']);
    const { body: second } = await post(`${order.id}/fire`, { courses: ['mains'] }).expect(200);
    expect(statesOf(second)).toEqual(['fired', 'fired']);
    const [drinks, mains] = order.checks[0].lines.map(({ id }: { id: string }) => id);
    expect(await ticketsOf(OrderFired, order.id)).toEqual([
      [{ kind: 'make', station: 'kitchen', course: null, lineIds: [drinks] }],
      [{ kind: 'make', station: 'kitchen', course: 'mains', lineIds: [mains] }],
    ]);
  });

  test('firing is idempotent, with one key and with two at once', async () => {
    const { body: order } = await place([pint(), pizza()]).expect(201);
    const idempotencyKey = newId();
    const firings = [idempotencyKey, idempotencyKey, newId(), newId(), newId()];
    const answers = await Promise.all(
      firings.map((key) => it.call('post', `/v1/orders/${order.id}/fire`, { idempotencyKey: key }).send({})),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await ticketsOf(OrderFired, order.id)).toHaveLength(1);
  });

  test('firing a course without a station raises, not vanishes', async () => {
    const { body: order } = await place([pizza(), pint({ course: 'bar' })], { locationId: strict }).expect(201);
    const { body: problem } = await post(`${order.id}/fire`, { courses: ['bar'] }).expect(409);
    expect(problem).toMatchObject({ code: 'station_missing', lines: [{ itemId: on.beer }] });
    const pizzas = order.checks[0].lines.slice(0, 1).map(({ id }: { id: string }) => id);
    const { body: fired } = await post(`${order.id}/fire`, { lineIds: pizzas }).expect(200);
    expect(statesOf(fired)).toEqual(['fired', 'placed']);
    expect((await post(`${order.id}/fire`, { courses: ['dessert'] }).expect(404)).body.code).toBe('not_found');
  });

  test('lines are held until they are named; what the kitchen has is not', async () => {
    const { body: order } = await place([pint(), pizza({ course: 'mains' })]).expect(201);
    const { body: held } = await post(`${order.id}/hold`, { courses: ['mains'] }).expect(200);
    expect(held.checks[0].lines[1]).toMatchObject({ course: 'mains', held: true });
    expect(statesOf((await post(`${order.id}/fire`).expect(200)).body)).toEqual(['fired', 'placed']);
    const { body: problem } = await post(`${order.id}/hold`, { lineIds: [order.checks[0].lines[0].id] }).expect(409);
    expect(problem).toMatchObject({ code: 'line_state', status: 409 });
  });
});

describe('void with reason and approver after send (server half)', () => {
  test('what the kitchen has is voided with an approver where the policy says so, and the kitchen is told', async () => {
    const { body: order } = await place([pizza({ course: 'mains' }), pizza()], { locationId: strict }).expect(201);
    const [sent, unsent] = order.checks[0].lines.map(({ id }: { id: string }) => id);
    await post(`${order.id}/fire`, { lineIds: [sent] }).expect(200);
    const voiding = (id: string, more: object) => post(`${order.id}/lines/${id}/void`, { reason: 'Dropped', ...more });
    await voiding(unsent, { staffId: waiter }).expect(200);
    const { body: problem } = await voiding(sent, { staffId: waiter }).expect(403);
    expect(problem).toMatchObject({ code: 'approval_required', needed: [{ what: 'void' }], role: 'waiter' });
    const { body: voided } = await voiding(sent, { staffId: waiter, approverId: manager }).expect(200);
    expect(voided.checks[0].lines[0]).toMatchObject({
      status: 'voided',
      voided: { reason: 'Dropped', sent: true, staffId: waiter, approverId: manager },
    });
    expect(await ticketsOf(OrderChanged, order.id)).toEqual([
      undefined,
      [{ kind: 'void', station: 'grill', course: 'mains', lineIds: [sent] }],
    ]);
    // The record stays as it is.
    expect((await voiding(sent, { reason: 'Another', approverId: manager }).expect(409)).body.code).toBe('line_state');
    const { body: read } = await it.call('get', `/v1/orders/${order.id}`).expect(200);
    expect(read.checks[0].lines[0].voided).toEqual(voided.checks[0].lines[0].voided);
  });

  test('a void needs a reason', async () => {
    const { body: order } = await place([pizza()]).expect(201);
    await post(`${order.id}/lines/${order.checks[0].lines[0].id}/void`, { staffId: manager }).expect(400);
  });

  test('a void of the next day has its own business date', async () => {
    const day = 86_400_000;
    const yesterday = new Date(Date.now() - day).toISOString();
    const { body: order } = await place([pizza()], { occurredAt: yesterday }).expect(201);
    const { body } = await post(`${order.id}/lines/${order.checks[0].lines[0].id}/void`, { reason: 'Left' }).expect(
      200,
    );
    const { businessDate } = body.checks[0].lines[0].voided;
    expect(Date.parse(businessDate) - Date.parse(body.businessDate)).toBe(day);
  });

  test('an order that the kitchen has is cancelled with approval, and the kitchen is told of each line once', async () => {
    const { body: order } = await place([pizza(), pizza({ hold: true })], { locationId: strict }).expect(201);
    await post(`${order.id}/fire`).expect(200);
    expect((await post(`${order.id}/cancel`, { reason: 'Left' }).expect(403)).body.code).toBe('approval_required');
    const { body } = await post(`${order.id}/cancel`, { reason: 'Left', approverId: manager }).expect(200);
    expect(body.cancelled).toMatchObject({ reason: 'Left', approverId: manager });
    expect(await ticketsOf(OrderCancelled, order.id)).toMatchObject([
      [{ kind: 'void', lineIds: [order.checks[0].lines[0].id] }],
    ]);
  });
});

test('a return over the limit of the role needs an approver, whose id stays with it', async () => {
  const order = await shop.place();
  await shop.pay(order, 27_60);
  const lines = [{ lineId: order.checks[0]?.lines[0]?.id }];
  const back = (people: object) => post(`${order.id}/returns`, { lines, reason: 'Cold', ...people });
  const { body: problem } = await back({ staffId: waiter }).expect(403);
  expect(problem).toMatchObject({ code: 'approval_required', needed: [{ what: 'return', amount: 13_20 }] });
  const { body: made } = await back({ staffId: waiter, approverId: manager }).expect(201);
  expect(made).toMatchObject({ total: { amount: 13_20 }, staffId: waiter, approverId: manager });
});

describe('a service charge is waived', () => {
  test('with a reason, by somebody who may approve or with their approval; both ids stay with it', async () => {
    const order = await shop.place({ covers: 8 });
    const [charge] = order.checks[0]?.charges ?? [];
    const waive = (body: object) => post(`${order.id}/charges/${charge?.id}/waive`, { reason: 'Had to wait', ...body });
    const { body: problem } = await waive({ staffId: waiter }).expect(403);
    expect(problem).toMatchObject({ code: 'approval_required', needed: [{ what: 'waiver' }], role: 'waiter' });
    await waive({ staffId: waiter, approverId: waiter }).expect(403);
    const { body: waived } = await waive({ staffId: waiter, approverId: manager }).expect(200);
    expect(waived).toMatchObject({ version: 2, totals: { serviceCharge: { amount: 0 }, total: { amount: 27_60 } } });
    expect(waived.checks[0]).toMatchObject({
      version: 2,
      bill: { version: 2, total: { amount: 27_60 } },
      charges: [{ waived: { reason: 'Had to wait', staffId: waiter, approverId: manager, amount: charge?.amount } }],
    });
    const [told] = (await it.published(OrderChanged)).filter(({ subject }) => subject === order.id);
    expect(told?.data.checks[0]?.charges).toEqual(waived.checks[0].charges);
    await post(`${order.id}/charges/${newId()}/waive`, { reason: 'None' }).expect(404);
    const other = await shop.place({ covers: 8 });
    await post(`${other.id}/charges/${charge?.id}/waive`, { reason: 'Regulars', staffId: manager }).expect(200);
  });
});

describe('a discount beyond the limit of a role needs an approver', () => {
  const half = { kind: 'percent', name: 'Friend', rate: 500_000, reason: 'Old friend' };

  test('when an order is placed: refused, then taken with the ids of both', async () => {
    const cart = { discounts: [half], staffId: waiter };
    const { body: problem } = await place([pizza()], cart).expect(403);
    expect(problem).toMatchObject({ code: 'approval_required', needed: [{ what: 'discount', rate: 500_000 }] });
    const { body: order } = await place([pizza()], { ...cart, approverId: manager }).expect(201);
    expect(order).toMatchObject({ staffId: waiter, totals: { discount: { amount: 6_00 } } });
    const granted = { name: 'Friend', kind: 'percent', reason: 'Old friend', staffId: waiter, approverId: manager };
    expect(order.checks[0]).toMatchObject({ discounts: [granted], lines: [{ discounts: [granted] }] });
  });

  test('and the same key may be sent again with the approver', async () => {
    const idempotencyKey = newId();
    const send = (more: object) =>
      it
        .call('post', '/v1/orders', { idempotencyKey })
        .send(shop.body({ discounts: [half], staffId: waiter, ...more }));
    await send({}).expect(403);
    await send({ approverId: manager }).expect(201);
  });

  test('on a line, whenever it is given: a comp has its reason and both ids', async () => {
    const { body: order } = await place([pizza(), pint()], {}).expect(201);
    const path = `${order.id}/lines/${order.checks[0].lines[0].id}/discounts`;
    const discount = { kind: 'comp', name: 'Kitchen error', reason: 'Burnt' };
    expect((await post(path, { discount, staffId: waiter }).expect(403)).body).toMatchObject({
      code: 'approval_required',
      needed: [{ what: 'comp' }],
    });
    const { body: comped } = await post(path, { discount, staffId: waiter, approverId: manager }).expect(201);
    expect(comped.checks[0].lines[0]).toMatchObject({
      total: { amount: 0 },
      discounts: [{ kind: 'comp', reason: 'Burnt', amount: { amount: 12_00 }, staffId: waiter, approverId: manager }],
    });
    expect(comped.totals.total.amount).toBe(7_20);
    const { reason: _, ...unexplained } = discount;
    await post(path, { discount: unexplained, approverId: manager }).expect(400);
  });

  test('when an order is changed; what is there already is not asked for again', async () => {
    const { body: order } = await place([pizza()]).expect(201);
    const amend = (body: object) => it.call('patch', `/v1/orders/${order.id}`).send(body);
    await amend({ discounts: [half], staffId: waiter, version: 1 }).expect(403);
    const { body: granted } = await amend({
      discounts: [half],
      staffId: waiter,
      approverId: manager,
      version: 1,
    }).expect(200);
    const [{ id }] = granted.checks[0].discounts;
    const { body: again } = await amend({ discounts: [{ ...half, id }], staffId: waiter, version: 2 }).expect(200);
    expect(again.checks[0].discounts).toMatchObject([{ id, staffId: waiter, approverId: manager }]);
  });

  test('a credential that names nobody acts for the chain', async () => {
    const { body } = await place([pizza()], { discounts: [half] }).expect(201);
    expect(body.checks[0].discounts[0]).not.toHaveProperty('staffId');
  });

  test('nobody acts who does not work here', async () => {
    const left = await hire('manager', { active: false });
    const elsewhere = await hire('manager', { locationIds: [strict] });
    for (const staffId of [left, elsewhere, newId()]) {
      const { body } = await place([pizza()], { staffId }).expect(422);
      expect(body).toMatchObject({ code: 'reference_unknown', errors: [{ pointer: '/staffId' }] });
    }
    await place([pizza()], { staffId: elsewhere, locationId: strict }).expect(201);
  });
});
