import { type Grant, type Order, OrderChanged } from '@comanda/contracts';
import { grantKey, newId, signGrant } from '@comanda/platform';
import type { TestService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { ON_THE_MENU as on } from '../testing/menu.js';
import { openShop, type Shop } from '../testing/shop.js';

// The shop's order is a large margherita at 12.00 and two pints at 6.00: 24.00, and 27.60 with taxes of 10 % and 20 %.

let shop: Shop;
let it: TestService;

beforeAll(async () => {
  shop = await openShop();
  ({ it } = shop);
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const TENTH: Grant['gives'] = { kind: 'percent', rate: 100_000 };
const ANY = { minimumSpend: null, itemIds: [], categoryIds: [], serviceTypes: [], locationIds: [], windows: [] };

/** A grant as loyalty would give it. */
const grant = (more: Partial<Omit<Grant, 'conditions'>> & { conditions?: Partial<Grant['conditions']> } = {}): Grant =>
  signGrant(grantKey(it.environment['COMANDA_SECRET'] ?? ''), {
    id: newId(),
    organizationId: it.id,
    source: { kind: 'coupon', id: newId() },
    name: 'Welcome',
    customerId: null,
    orderId: newId(),
    deviceId: null,
    gives: TENTH,
    group: null,
    priority: 100,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    ...more,
    conditions: { ...ANY, ...more.conditions },
  });

const asDiscount = (given: Grant) => ({ kind: 'grant', grant: given });
const asked = (grants: readonly Grant[], more: object = {}) =>
  shop.body({ id: grants[0]?.orderId ?? newId(), discounts: grants.map(asDiscount), ...more });
const place = (grants: readonly Grant[], more: object = {}) => it.call('post', '/v1/orders').send(asked(grants, more));
const refusal = async (grants: readonly Grant[], more: object = {}) => (await place(grants, more)).body;
const discountsOf = (order: Order) => order.checks[0]?.discounts;

describe('a coupon or reward', () => {
  test('is taken off the order it was given for, under its own name, and quoted the same', async () => {
    const given = grant({ source: { kind: 'reward', id: newId() }, name: 'A tenth off' });
    const { body } = await place([given]).expect(201);
    const applied = { id: given.id, name: 'A tenth off', amount: usd(2_40), source: given.source };
    expect(discountsOf(body)).toEqual([applied]);
    expect(body.totals).toMatchObject({ gross: usd(24_00), discount: usd(2_40), total: usd(24_84) });
    const { lines, discounts, locationId } = asked([given]) as Record<string, unknown>;
    const quoted = await it.call('post', '/v1/orders/quote').send({ lines, discounts, locationId }).expect(200);
    expect(quoted.body.totals).toEqual(body.totals);
  });

  test('for certain things is taken off those, and told once for the whole order', async () => {
    const given = grant({ gives: { kind: 'free_item', quantity: 1 }, conditions: { itemIds: [on.beer] } });
    const { body } = await place([given]).expect(201);
    expect(discountsOf(body)).toMatchObject([{ id: given.id, amount: usd(6_00), source: given.source }]);
    const [pizza, beer] = body.checks[0].lines;
    expect([pizza.discounts, beer.discounts]).toMatchObject([[], [{ id: given.id, amount: usd(6_00) }]]);
    expect(body.totals.total).toEqual(usd(20_40));
  });

  test('goes with a discount by hand and with others of its group, never below zero', async () => {
    const orderId = newId();
    const one = grant({ orderId, group: 'lunch', gives: { kind: 'fixed', amount: usd(20_00) } });
    const two = grant({ orderId, group: 'lunch', gives: { kind: 'fixed', amount: usd(20_00) } });
    const { body } = await place([one, two], {
      discounts: [{ kind: 'fixed', name: 'Staff', amount: 1_00 }, asDiscount(one), asDiscount(two)],
    }).expect(201);
    expect(discountsOf(body)?.map(({ amount }) => amount.amount)).toEqual([1_00, 20_00, 3_00]);
    expect(body.totals.total).toEqual(usd(0));
  });

  test('that is taken off again stays visible with nothing taken, and may come back', async () => {
    const given = grant();
    const { body: placed } = await place([given]).expect(201);
    const path = `/v1/orders/${placed.id}`;
    const { body: without } = await it.call('patch', path).send({ discounts: [], version: 1 }).expect(200);
    expect(discountsOf(without)).toMatchObject([{ id: given.id, amount: usd(0), source: given.source }]);
    expect(without.totals.total).toEqual(usd(27_60));
    const back = it.call('patch', path).send({ discounts: [asDiscount(given)], version: 2 });
    expect((await back.expect(200)).body.totals.total).toEqual(usd(24_84));
    const told = (await it.published(OrderChanged)).filter(({ subject }) => subject === placed.id);
    expect(told.map(({ data }) => data.checks[0]?.discounts[0]?.amount.amount)).toEqual([0, 2_40]);
  });

  test('comes to nothing when the order falls below its minimum, and back when it grows again', async () => {
    const given = grant({ conditions: { minimumSpend: usd(20_00) } });
    const { body: placed } = await place([given]).expect(201);
    const [, beer] = placed.checks[0].lines;
    const voided = await it.call('post', `/v1/orders/${placed.id}/lines/${beer.id}/void`).send({ reason: 'Flat' });
    expect(discountsOf(voided.body)).toMatchObject([{ id: given.id, amount: usd(0) }]);
    const more = { lines: [{ variationId: on.beerPint, quantity: 2 }] };
    const { body: grown } = await it.call('post', `/v1/orders/${placed.id}/lines`).send(more).expect(201);
    expect(discountsOf(grown)).toMatchObject([{ id: given.id, amount: usd(2_40) }]);
  });

  test('of a customer is for their orders', async () => {
    const [ada, ben] = [newId(), newId()];
    const given = grant({ customerId: ada });
    expect(await refusal([given], { customerId: ben })).toMatchObject({
      code: 'grant_not_applicable',
      why: 'customer',
    });
    const { body: placed } = await place([given], { customerId: ada }).expect(201);
    const handed = it.call('patch', `/v1/orders/${placed.id}`).send({ customerId: ben, version: 1 });
    expect((await handed.expect(422)).body.code).toBe('grant_not_applicable');
  });
});

describe('422: nothing is placed', () => {
  test('with a grant that was altered, given by others, or for another order', async () => {
    const given = grant();
    const altered = { ...given, gives: { kind: 'percent', rate: 1_000_000 } } as Grant;
    for (const wrong of [altered, grant({ organizationId: it.other.id })])
      expect(await refusal([wrong])).toMatchObject({
        code: 'grant_invalid',
        errors: [{ pointer: '/discounts/0/grant' }],
      });
    for (const id of [newId(), undefined])
      expect(await refusal([given], { id })).toMatchObject({ code: 'grant_invalid' });
    expect((await it.call('get', `/v1/orders/${given.orderId}`)).status).toBe(404);
  });

  test('with one that has expired; on the order already, it stays', async () => {
    const late = grant({ expiresAt: new Date(Date.now() - 1).toISOString() });
    expect(await refusal([late])).toMatchObject({ code: 'grant_expired' });
    const soon = grant({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
    const { body: placed } = await place([soon]).expect(201);
    await expect.poll(() => Date.now() > Date.parse(soon.expiresAt), { timeout: 5_000 }).toBe(true);
    const discounts = [asDiscount(soon), { kind: 'fixed', name: 'Staff', amount: 1_00 }];
    const { body } = await it.call('patch', `/v1/orders/${placed.id}`).send({ discounts, version: 1 }).expect(200);
    expect(discountsOf(body)?.map(({ amount }) => amount.amount)).toEqual([2_40, 1_00]);
  });

  test('with two that cannot be combined, or one that takes nothing', async () => {
    const orderId = newId();
    const two = [grant({ orderId, group: 'lunch' }), grant({ orderId })];
    expect(await refusal(two)).toMatchObject({ code: 'discounts_not_combinable', grants: two.map(({ id }) => id) });
    const tooHigh = grant({ conditions: { minimumSpend: usd(24_01) } });
    expect(await refusal([tooHigh])).toMatchObject({ code: 'grant_not_applicable', why: 'minimum_spend' });
    const twice = grant({ orderId, group: 'lunch' });
    expect(await refusal([twice, twice])).toMatchObject({ code: 'id_taken' });
  });
});

describe('409: what a till reserved for when it is offline', () => {
  test('is used on one order, however many come with it at once (server half)', async () => {
    const given = grant({ orderId: null, deviceId: newId() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => place([given])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
      new Set(['grant_used']),
    );
    const { body: other } = await place([]).expect(201);
    const amended = it.call('patch', `/v1/orders/${other.id}`).send({ discounts: [asDiscount(given)], version: 1 });
    expect((await amended.expect(409)).body.code).toBe('grant_used');
  });
});
