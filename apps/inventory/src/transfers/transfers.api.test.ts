import { StockMoved, type StockLevel, type Transfer } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { inventory } from '../inventory.service.js';

let it: TestService;
let flour: string;
let [here, there] = ['', ''];

beforeAll(async () => {
  it = await testService(inventory);
  const { body } = await it.call('post', '/v1/inventory/stock-items').send({ name: 'Flour', unit: 'g' }).expect(201);
  flour = body.id;
  [here, there] = [(await it.makeLocation()).id, (await it.makeLocation()).id];
  const lines = [{ stockItemId: flour, quantity: { amount: 900, unit: 'kg' }, cost: 90_000 }];
  await it.call('post', '/v1/inventory/receipts').send({ locationId: here, lines }).expect(201);
});

const PATH = '/v1/inventory/transfers';
const grams = (amount: number) => ({ amount, unit: 'g' });
const request = (amount: number, fields: object = {}) => ({
  fromLocationId: here,
  toLocationId: there,
  lines: [{ stockItemId: flour, quantity: grams(amount) }],
  ...fields,
});

async function ship(amount: number): Promise<Transfer> {
  return (await it.call('post', PATH).send(request(amount)).expect(201)).body;
}

const receive = ({ id, lines: [line] }: Transfer, amount: number) =>
  it.call('post', `${PATH}/${id}/receipts`).send({ lines: [{ lineId: line?.id, quantity: grams(amount) }] });

const close = ({ id }: Transfer) => it.call('post', `${PATH}/${id}/close`).send({ reason: 'Fell off the van' });

async function levelAt(locationId: string): Promise<Pick<StockLevel, 'quantity' | 'value'>> {
  const query = `locationId=${locationId}&stockItemId=${flour}`;
  const { body } = await it.call('get', `/v1/inventory/levels?${query}`).expect(200);
  return body.data[0] ?? { quantity: 0, value: 0 };
}

async function everywhere(): Promise<{ quantity: number; value: number }> {
  const [a, b] = [await levelAt(here), await levelAt(there)];
  return { quantity: a.quantity + b.quantity, value: a.value + b.value };
}

describe('a transfer', () => {
  test('leaves one location, is in transit, and arrives in parts, with its cost', async () => {
    const [before, atThere] = [await levelAt(here), await levelAt(there)];
    const shipped = await ship(5_000);
    expect(shipped).toMatchObject({
      status: 'shipped',
      lines: [{ shipped: 5_000, received: 0, inTransit: 5_000, missing: 0, cost: { micros: 500_000_000 } }],
    });
    expect(await levelAt(here)).toMatchObject({
      quantity: before.quantity - 5_000,
      value: before.value - 500_000_000,
    });
    expect((await receive(shipped, 3_000).expect(201)).body).toMatchObject({
      status: 'partly_received',
      lines: [{ received: 3_000, inTransit: 2_000 }],
    });
    const { body: received } = await receive(shipped, 2_000).expect(201);
    expect(received).toMatchObject({ status: 'received', version: 3, lines: [{ inTransit: 0, missing: 0 }] });
    expect(await levelAt(there)).toMatchObject({
      quantity: atThere.quantity + 5_000,
      value: atThere.value + 500_000_000,
    });
    expect((await it.call('get', `${PATH}/${shipped.id}`).expect(200)).body).toEqual(received);
    const told = (await it.published(StockMoved)).filter(({ subject }) => subject === shipped.id);
    expect(told.map(({ version, data }) => [version, data.kind, data.locationId, data.movements[0]?.quantity])).toEqual(
      [
        [1, 'transfer', here, -5_000],
        [2, 'transfer', there, 3_000],
        [3, 'transfer', there, 2_000],
      ],
    );
  });

  test('conserves quantity to the gram, whatever arrives of it in whatever parts, and says what is missing', async () => {
    const journeys = fc.record({
      shipped: fc.integer({ min: 1, max: 5_000 }),
      parts: fc.array(fc.integer({ min: 1, max: 2_500 }), { maxLength: 4 }),
      closed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(journeys, async ({ shipped, parts, closed }) => {
        const before = await everywhere();
        const transfer = await ship(shipped);
        for (const part of parts) expect([201, 409]).toContain((await receive(transfer, part)).status);
        if (closed) expect([201, 409]).toContain((await close(transfer)).status);
        const { body } = await it.call('get', `${PATH}/${transfer.id}`).expect(200);
        const [{ received, inTransit, missing }] = body.lines;
        expect(received + inTransit + missing).toBe(shipped);
        expect((await everywhere()).quantity + inTransit + missing).toBe(before.quantity);
      }),
      { numRuns: 15 },
    );
  });

  test('of which more arrives than is on its way is refused, also when everybody receives it at once', async () => {
    const before = await levelAt(there);
    const transfer = await ship(1_000);
    const answers = await Promise.all(Array.from({ length: 6 }, () => receive(transfer, 400)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'exceeds_shipped',
      errors: [{ pointer: '/lines/0/quantity' }],
    });
    expect((await levelAt(there)).quantity).toBe(before.quantity + 800);
  });

  test('that is closed or has arrived takes no further step', async () => {
    const [closed, arrived] = [await ship(100), await ship(100)];
    expect((await close(closed).expect(201)).body).toMatchObject({
      status: 'closed',
      reason: 'Fell off the van',
      lines: [{ inTransit: 0, missing: 100 }],
    });
    await receive(arrived, 100).expect(201);
    for (const transfer of [closed, arrived])
      for (const refused of [receive(transfer, 1), close(transfer)])
        expect((await refused.expect(409)).body.code).toBe('transfer_state');
  });

  test('is shipped and received once, however often it is sent', async () => {
    const before = await levelAt(here);
    const [idempotencyKey, id] = [newId(), newId()];
    const post = () => it.call('post', PATH, { idempotencyKey }).send(request(100, { id })).expect(201);
    const [{ body }] = await Promise.all([post(), post(), post()]);
    expect((await levelAt(here)).quantity).toBe(before.quantity - 100);
    expect((await it.call('post', PATH).send(request(100, { id })).expect(409)).body.code).toBe('id_taken');
    const lines = [{ lineId: body.lines[0].id, quantity: grams(60) }];
    const again = newId();
    const take = () => it.call('post', `${PATH}/${id}/receipts`, { idempotencyKey: again }).send({ lines }).expect(201);
    expect((await take()).body).toEqual((await take()).body);
  });

  test.each([
    ['nothing', () => request(0), 400, 'malformed_request'],
    ['less than nothing', () => request(-1), 400, 'malformed_request'],
    ['to where it comes from', () => request(1, { toLocationId: here }), 422, 'transfer_invalid'],
    ['to a location there is not', () => request(1, { toLocationId: newId() }), 422, 'reference_unknown'],
    [
      'of what there is not',
      () => request(1, { lines: [{ stockItemId: newId(), quantity: grams(1) }] }),
      422,
      'reference_unknown',
    ],
    [
      'tomorrow',
      () => request(1, { occurredAt: new Date(Date.now() + 86_400_000).toISOString() }),
      422,
      'time_not_allowed',
    ],
  ])('is refused: %s', async (_, body, status, code) => {
    const before = await levelAt(here);
    expect((await it.call('post', PATH).send(body()).expect(status)).body.code).toBe(code);
    expect(await levelAt(here)).toEqual(before);
  });

  test('between organizations is refused, and theirs is not there', async () => {
    const { key, location } = it.other;
    const away = it.call('post', PATH).send(request(1, { toLocationId: location.id }));
    expect((await away.expect(422)).body.code).toBe('reference_unknown');
    const transfer = await ship(100);
    await it.call('get', `${PATH}/${transfer.id}`, { key }).expect(404);
    await it.call('post', `${PATH}/${transfer.id}/close`, { key }).send({ reason: 'Ours' }).expect(404);
    const lines = [{ lineId: transfer.lines[0]?.id, quantity: grams(1) }];
    await it.call('post', `${PATH}/${transfer.id}/receipts`, { key }).send({ lines }).expect(404);
    expect((await it.call('get', PATH, { key }).expect(200)).body.data).toEqual([]);
  });

  test('is shipped by whom it leaves, received by whom it reaches, and seen by both alone', async () => {
    const scopes = ['inventory:read', 'inventory:write'] as const;
    const keyOf = (locationId: string) => it.makeKey({ scopes: [...scopes], locationIds: [locationId] });
    const [sender, receiver, stranger] = [await keyOf(here), await keyOf(there), await keyOf(it.location.id)];
    await it.call('post', PATH, { key: receiver }).send(request(10)).expect(403);
    const { body: transfer } = await it.call('post', PATH, { key: sender }).send(request(10)).expect(201);
    const lines = [{ lineId: transfer.lines[0].id, quantity: grams(10) }];
    const path = `${PATH}/${transfer.id}`;
    await it.call('post', `${path}/receipts`, { key: sender }).send({ lines }).expect(403);
    await it.call('get', path, { key: stranger }).expect(403);
    await it.call('post', `${path}/close`, { key: stranger }).send({ reason: 'No' }).expect(403);
    expect((await it.call('get', PATH, { key: stranger }).expect(200)).body.data).toEqual([]);
    await it.call('post', `${path}/receipts`, { key: receiver }).send({ lines }).expect(201);
    for (const key of [sender, receiver]) expect((await it.call('get', path, { key })).body.status).toBe('received');
  });
});
