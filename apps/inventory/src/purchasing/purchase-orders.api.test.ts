import { type Movement, type PurchaseOrder, StockMoved, type StockLevel } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';

let it: TestService;
let cheese: string;
let supplierId: string;

beforeAll(async () => {
  it = await testService(inventory);
  cheese = await makeStockItem('Mozzarella');
  supplierId = (await it.call('post', '/v1/inventory/suppliers').send({ name: 'Caseificio Rossi' }).expect(201)).body
    .id;
});

const PATH = '/v1/inventory/purchase-orders';
const kilos = (amount: number) => ({ amount, unit: 'kg' });
const grams = (amount: number) => ({ amount, unit: 'g' });

async function makeStockItem(name: string, fields: object = {}): Promise<string> {
  return (
    await it
      .call('post', '/v1/inventory/stock-items')
      .send({ name, unit: 'g', ...fields })
      .expect(201)
  ).body.id;
}

async function draft(fields: object = {}): Promise<PurchaseOrder> {
  const lines = [{ stockItemId: cheese, quantity: kilos(20), cost: 13_900 }];
  const { body } = await it
    .call('post', PATH)
    .send({ locationId: it.location.id, supplierId, lines, ...fields })
    .expect(201);
  return body;
}

const step = (id: string, to: 'send' | 'cancel') => it.call('post', `${PATH}/${id}/${to}`);

async function sent(fields: object = {}): Promise<PurchaseOrder> {
  const { id } = await draft(fields);
  return (await step(id, 'send').expect(201)).body;
}

const receipt = ({ id, lines: [line] }: PurchaseOrder, amount: number, fields: object = {}) =>
  it.call('post', `${PATH}/${id}/receipts`).send({ lines: [{ lineId: line?.id, quantity: kilos(amount) }], ...fields });

async function levelAt(locationId: string, stockItemId = cheese): Promise<StockLevel | undefined> {
  const query = `locationId=${locationId}&stockItemId=${stockItemId}`;
  return (await it.call('get', `/v1/inventory/levels?${query}`).expect(200)).body.data[0];
}

async function movementsOf(causeId: string): Promise<Movement[]> {
  return (await it.call('get', `/v1/inventory/movements?causeId=${causeId}`).expect(200)).body.data;
}

describe('suppliers', () => {
  test('are made, read, listed, and changed by version; a stale version is refused with what there is', async () => {
    const { body: made } = await it
      .call('post', '/v1/inventory/suppliers')
      .send({ name: 'Molino', email: 'orders@molino.example' })
      .expect(201);
    expect(made).toMatchObject({ name: 'Molino', phone: null, active: true, version: 1 });
    const path = `/v1/inventory/suppliers/${made.id}`;
    expect((await it.call('get', path).expect(200)).body).toEqual(made);
    await it.call('patch', path).send({ phone: '555 0100', version: 1 }).expect(200);
    const stale = await it.call('patch', path).send({ phone: '555 0101', version: 1 }).expect(412);
    expect(stale.body).toMatchObject({ code: 'version_stale', current: { phone: '555 0100', version: 2 } });
    const { body } = await it.call('get', '/v1/inventory/suppliers?limit=200').expect(200);
    expect(body.data).toContainEqual(expect.objectContaining({ id: made.id, phone: '555 0100' }));
    const again = it.call('post', '/v1/inventory/suppliers').send({ id: made.id, name: 'Molino' });
    expect((await again.expect(409)).body.code).toBe('id_taken');
  });

  test('that are not active are ordered from no more', async () => {
    const { body } = await it.call('post', '/v1/inventory/suppliers').send({ name: 'Gone', active: false }).expect(201);
    const lines = [{ stockItemId: cheese, quantity: kilos(1), cost: 1 }];
    const refused = it.call('post', PATH).send({ locationId: it.location.id, supplierId: body.id, lines });
    expect((await refused.expect(422)).body).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/supplierId' }],
    });
  });
});

describe('a purchase order', () => {
  test('goes from draft to sent, is received in parts, and each part updates the cost', async () => {
    const { id: locationId } = await it.makeLocation();
    const order = await sent({ locationId });
    expect(order).toMatchObject({ status: 'sent', currency: 'USD', version: 2 });
    const { body: partly } = await receipt(order, 12, { freight: 660 }).expect(201);
    expect(partly).toMatchObject({ status: 'partly_received', lines: [{ received: 12_000, receivedCost: 9_000 }] });
    expect(await levelAt(locationId)).toMatchObject({ quantity: 12_000, value: 9_000_000_000 });
    const { body: received } = await receipt(order, 8).expect(201);
    expect(received).toMatchObject({
      status: 'received',
      version: 4,
      lines: [{ received: 20_000, receivedCost: 14_560 }],
    });
    expect(await levelAt(locationId)).toMatchObject({ quantity: 20_000, value: 14_560_000_000 });
    const parts = await Promise.all(received.receiptIds.map(movementsOf));
    expect(parts.flat().map(({ quantity, cost }) => [quantity, cost?.micros])).toEqual([
      [12_000, 9_000_000_000],
      [8_000, 5_560_000_000],
    ]);
    expect((await it.call('get', `${PATH}/${order.id}`).expect(200)).body).toEqual(received);
  });

  test('moves the average: 1 kg at 6.00 and 3 kg at 10.00 make 9.00 a kilogram, at which waste is booked', async () => {
    const { id: locationId } = await it.makeLocation();
    for (const [amount, cost] of [
      [1, 600],
      [3, 3_000],
    ] as const)
      await receipt(
        await sent({ locationId, lines: [{ stockItemId: cheese, quantity: kilos(amount), cost }] }),
        amount,
      ).expect(201);
    const { body: waste } = await it
      .call('post', '/v1/inventory/waste')
      .send({ locationId, reason: 'Fell', lines: [{ stockItemId: cheese, quantity: grams(500) }] })
      .expect(201);
    expect(await movementsOf(waste.id)).toMatchObject([
      { kind: 'waste', reason: 'Fell', quantity: -500, cost: { micros: -450_000_000, currency: 'USD' } },
    ]);
    expect(await levelAt(locationId)).toMatchObject({ quantity: 3_500, value: 3_150_000_000 });
    const told = (await it.published(StockMoved)).filter(({ subject }) => subject === waste.id);
    expect(told).toMatchObject([{ data: { movements: [{ cost: { micros: -450_000_000, currency: 'USD' } }] } }]);
  });

  test('shares freight out over its lines by largest remainder: 10.00 over three equal lines is 3.34, 3.33, 3.33', async () => {
    const { id: locationId } = await it.makeLocation();
    const line = { stockItemId: cheese, quantity: kilos(1), cost: 500 };
    const order = await sent({ locationId, lines: [line, line, line] });
    const lines = order.lines.map(({ id }) => ({ lineId: id, quantity: kilos(1) }));
    const { body } = await it.call('post', `${PATH}/${order.id}/receipts`).send({ lines, freight: 1_000 }).expect(201);
    expect(body.lines.map(({ receivedCost }: { receivedCost: number }) => receivedCost)).toEqual([834, 833, 833]);
  });

  test('in a draft is changed by version; once sent, never', async () => {
    const { id } = await draft();
    const path = `${PATH}/${id}`;
    const lines = [{ stockItemId: cheese, quantity: kilos(5), cost: 3_475 }];
    const { body } = await it.call('patch', path).send({ lines, reference: 'PO-7', version: 1 }).expect(200);
    expect(body).toMatchObject({ reference: 'PO-7', version: 2, lines: [{ quantity: 5_000, cost: 3_475 }] });
    expect((await it.call('patch', path).send({ lines, version: 1 }).expect(412)).body.code).toBe('version_stale');
    await it.call('patch', path).send({ lines }).expect(428);
    await step(id, 'send').expect(201);
    const late = await it.call('patch', path).send({ lines, version: 3 }).expect(409);
    expect(late.body.code).toBe('purchase_order_state');
  });

  test('takes no step that its table does not have', async () => {
    const order = await draft();
    const refused = async (asked: ReturnType<typeof receipt>) =>
      expect((await asked.expect(409)).body.code).toBe('purchase_order_state');
    await refused(receipt(order, 1));
    await step(order.id, 'send').expect(201);
    await refused(step(order.id, 'send'));
    await receipt(order, 1).expect(201);
    await step(order.id, 'cancel').expect(201);
    await refused(step(order.id, 'cancel'));
    await refused(receipt(order, 1));
  });

  test('of which more comes than is still to come is refused, and nothing of the delivery is booked', async () => {
    const { id: locationId } = await it.makeLocation();
    const order = await sent({ locationId });
    await receipt(order, 15).expect(201);
    const { body } = await receipt(order, 6).expect(409);
    expect(body).toMatchObject({ code: 'exceeds_ordered', errors: [{ pointer: '/lines/0/quantity' }] });
    expect(await levelAt(locationId)).toMatchObject({ quantity: 15_000 });
  });

  test('whose two deliveries come in at once takes both or one, never more than was ordered', async () => {
    const { id: locationId } = await it.makeLocation();
    const order = await sent({ locationId });
    const answers = await Promise.all(Array.from({ length: 6 }, () => receipt(order, 8)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409, 409]);
    expect(await levelAt(locationId)).toMatchObject({ quantity: 16_000, value: 11_120_000_000 });
    const { body } = await it.call('get', `${PATH}/${order.id}`).expect(200);
    expect(body).toMatchObject({ status: 'partly_received', version: 4, lines: [{ received: 16_000 }] });
  });

  test('receives a delivery once, however often it is sent', async () => {
    const { id: locationId } = await it.makeLocation();
    const order = await sent({ locationId });
    const idempotencyKey = newId();
    const body = { lines: [{ lineId: order.lines[0]?.id, quantity: kilos(4) }] };
    const post = () => it.call('post', `${PATH}/${order.id}/receipts`, { idempotencyKey }).send(body).expect(201);
    const answers = await Promise.all([post(), post(), post()]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await levelAt(locationId)).toMatchObject({ quantity: 4_000 });
  });

  test.each([
    ['nothing', { amount: 0, unit: 'kg' }, 400, 'malformed_request'],
    ['less than nothing', { amount: -1, unit: 'kg' }, 400, 'malformed_request'],
    ['litres of what is weighed', { amount: 1, unit: 'l' }, 422, 'unit_mismatch'],
  ])('is not received with %s', async (_, quantity, status, code) => {
    const order = await sent();
    const lines = [{ lineId: order.lines[0]?.id, quantity }];
    const { body } = await it.call('post', `${PATH}/${order.id}/receipts`).send({ lines }).expect(status);
    expect(body.code).toBe(code);
  });

  test('is not received by a line of another order, nor with a cost below nothing', async () => {
    const [order, other] = [await sent(), await sent()];
    const lines = [{ lineId: other.lines[0]?.id, quantity: kilos(1) }];
    const { body } = await it.call('post', `${PATH}/${order.id}/receipts`).send({ lines }).expect(422);
    expect(body).toMatchObject({ code: 'reference_unknown', errors: [{ pointer: '/lines/0/lineId' }] });
    await receipt(order, 1, { freight: -1 }).expect(400);
  });

  test('of another organization is not there, and its suppliers cannot be ordered from', async () => {
    const { key } = it.other;
    const { body: theirs } = await it.call('post', '/v1/inventory/suppliers', { key }).send({ name: 'T' }).expect(201);
    const lines = [{ stockItemId: cheese, quantity: kilos(1), cost: 1 }];
    const foreign = it.call('post', PATH).send({ locationId: it.location.id, supplierId: theirs.id, lines });
    expect((await foreign.expect(422)).body.code).toBe('reference_unknown');
    const order = await sent();
    await it.call('get', `${PATH}/${order.id}`, { key }).expect(404);
    await it.call('post', `${PATH}/${order.id}/cancel`, { key }).expect(404);
    const body = { lines: [{ lineId: order.lines[0]?.id, quantity: kilos(1) }] };
    await it.call('post', `${PATH}/${order.id}/receipts`, { key }).send(body).expect(404);
    expect((await it.call('get', PATH, { key }).expect(200)).body.data).toEqual([]);
  });

  test('is listed for whom its location is, newest first, a page at a time', async () => {
    const { id: locationId } = await it.makeLocation();
    const made = [await draft({ locationId }), await draft({ locationId }), await draft({ locationId })];
    const { body: first } = await it.call('get', `${PATH}?locationId=${locationId}&limit=2`).expect(200);
    const rest = await it.call('get', `${PATH}?locationId=${locationId}&cursor=${first.nextCursor}`).expect(200);
    expect([...first.data, ...rest.body.data].map(({ id }) => id)).toEqual(made.map(({ id }) => id).toReversed());
    const key = await it.makeKey({ scopes: ['inventory:read', 'inventory:write'], locationIds: [it.location.id] });
    const { body } = await it.call('get', `${PATH}?limit=200`, { key }).expect(200);
    expect(body.data.filter((order: PurchaseOrder) => order.locationId === locationId)).toEqual([]);
    expect((await it.call('get', `${PATH}/${made[0]?.id}`, { key }).expect(403)).body.code).toBe('location_forbidden');
  });
});

test('stock that would be worth more than can be counted is refused, and nothing of it is booked', async () => {
  const { id: locationId } = await it.makeLocation();
  const saffron = await makeStockItem('Saffron');
  const line = { stockItemId: saffron, quantity: grams(1), cost: 1_000_000_000 };
  const receive = (count: number) =>
    it.call('post', '/v1/inventory/receipts').send({ locationId, lines: Array.from({ length: count }, () => line) });
  expect((await receive(10).expect(422)).body.code).toBe('amount_too_large');
  expect(await levelAt(locationId, saffron)).toBeUndefined();
  await receive(9).expect(201);
  expect(await levelAt(locationId, saffron)).toMatchObject({ quantity: 9, value: 9_000_000_000_000_000 });
  const counted = { locationId, lines: [{ stockItemId: saffron, quantity: grams(0) }] };
  await it.call('post', '/v1/inventory/counts').send(counted).expect(201);
  const { body } = await it.call('get', `/v1/inventory/variances?locationId=${locationId}`).expect(200);
  expect(body.data).toMatchObject([{ variance: 9, cost: { micros: 9_000_000_000_000_000 } }]);
});

test('many deliveries at once, with waste between them, come to what was paid: to the millionth of a cent', async () => {
  const { id: locationId } = await it.makeLocation();
  const salt = await makeStockItem('Salt');
  const prices = [997, 1_003, 1_009, 1_013, 1_019, 1_021, 1_031, 1_033];
  await Promise.all(
    prices.flatMap((cost) => [
      it
        .call('post', '/v1/inventory/receipts')
        .send({ locationId, lines: [{ stockItemId: salt, quantity: grams(777), cost }] })
        .expect(201),
      it
        .call('post', '/v1/inventory/waste')
        .send({ locationId, reason: 'Wet', lines: [{ stockItemId: salt, quantity: grams(31) }] })
        .expect(201),
    ]),
  );
  const { body } = await it.call('get', `/v1/inventory/movements?locationId=${locationId}&limit=200`).expect(200);
  const sum = (moves: Movement[]) => moves.reduce((total, { cost }) => total + (cost?.micros ?? 0), 0);
  const paid = prices.reduce((total, price) => total + price, 0) * 1_000_000;
  expect(sum(body.data.filter(({ kind }: Movement) => kind === 'receipt'))).toBe(paid);
  expect((await levelAt(locationId, salt))?.value).toBe(sum(body.data));
});
