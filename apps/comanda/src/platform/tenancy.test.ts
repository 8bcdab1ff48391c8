import { spawnSync } from 'node:child_process';
import type { Bill, Comanda } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { ALL_SCOPES, type Endpoint, ENDPOINTS, type Problem, type Scope } from '@comanda/contracts';
import { newId, scrape } from '@comanda/platform';
import type { Service } from '@comanda/service';
import { describeReal, eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../cli/output.js';
import { demoPlatform } from './testing/demo-platform.js';
import { serve } from './testing/evening.js';
import { readCatalogue, readExposition } from './testing/exposition.js';

/** Where the demo chain is, and its key. */
let baseUrl: string;
let services: readonly Service[];
let owner: string;
/** A valid key of another organization, which may do everything there. */
let stranger: string;
/** A location of the other organization. */
let elsewhere: string;
/** For each scope a key of the demo chain that has all the others. */
let keyWithout: ReadonlyMap<Scope, string>;
/** Something real of the demo chain for every parameter of a path. */
let real: Readonly<Record<string, string>>;

beforeAll(async () => {
  const platform = await demoPlatform();
  ({ baseUrl, apiKey: owner } = platform.demo);
  services = [...platform.services.values()];
  await serve(platform.demo);
  const api = new PooledComanda({ baseUrl, apiKey: owner });
  real = await realIds(api);
  keyWithout = new Map(await Promise.all(ALL_SCOPES.map(async (scope) => [scope, await makeKey(api, scope)] as const)));
  await api.close();
  stranger = await platform.foundOrganization();
  for (const key of [stranger, ...keyWithout.values()]) await everyServiceKnows(key);
  elsewhere = await makeExample('createLocation', stranger);
}, 180_000);

const ALL = Object.values(ENDPOINTS).flat();
/** A delivery that nobody takes is tried again by itself. */
const TRIED_AGAIN = new Set(['listWebhookDeliveries', 'readWebhookDelivery']);
/** What is open to everyone belongs to nobody. */
const WITH_IDS = ALL.filter(({ params, scope }) => params !== undefined && scope !== null);
/** Something of the chain, in a path that begins with a location. What is counted down is any variation there may ever be. */
const AT_A_LOCATION = WITH_IDS.filter(({ id, path }) => /\{locationId\}.*\{/.test(path) && id !== 'setCountdown');
const LISTS = ALL.filter(({ method, params }) => method === 'GET' && params === undefined);
const SCOPED = ALL.filter(({ scope }) => scope !== null);

/** Bodies that the schemas take, where an endpoint has no example of its own. */
const BODIES: Readonly<Record<string, object>> = {
  cancelOrder: { reason: 'guest left' },
  addLines: { lines: [{ variationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' }] },
  voidLine: { reason: 'dropped' },
  refundPayment: { reason: 'Cold food' },
  setCountdown: { remaining: 3 },
};

describe('another organization is told that there is no such thing, whatever it asks of it:', () => {
  test.each(WITH_IDS)('$method $path', async (endpoint) => {
    const { status, text } = await ask(endpoint, stranger);
    expect(status, `${text} (400: give ${endpoint.id} an example, or a body in BODIES, here)`).toBe(404);
  });

  test.each(AT_A_LOCATION)('$method $path, at a location of its own', async (endpoint) => {
    const { status, text } = await ask(endpoint, stranger, '', { ...real, locationId: elsewhere });
    expect(status, text).toBe(404);
  });

  test('and nothing of it changes', async () => {
    const shown = WITH_IDS.filter(({ method, id }) => method === 'GET' && !TRIED_AGAIN.has(id));
    const look = () => Promise.all(shown.map((endpoint) => ask(endpoint, owner)));
    const before = await look();
    expect(before.filter(({ status }) => status !== 200)).toEqual([]);
    for (const endpoint of WITH_IDS.filter(({ method }) => method !== 'GET')) await ask(endpoint, stranger);
    expect(await look()).toEqual(before);
  });
});

describe('another organization finds nothing of it in', () => {
  test.each(LISTS)('$path, whatever it looks for', async (endpoint) => {
    for (const query of queriesOf(endpoint)) {
      const { status, text } = await ask(endpoint, stranger, query);
      expect([200, 404], `${query}: ${text}`).toContain(status);
      const shown = Object.values(real).filter((id) => text.includes(id) && !query.includes(id));
      expect(shown, query).toEqual([]);
    }
  });
});

describe('without a credential nobody gets in:', () => {
  test.each(SCOPED)('$method $path', async (endpoint) => {
    const { status, text } = await ask(endpoint, null);
    expect([status, problemIn(text).code]).toEqual([401, 'credential_missing']);
  });
});

describe('with a key of the chain that may do all but this, nobody does:', () => {
  test.each(SCOPED)('$method $path', async (endpoint) => {
    const { status, text } = await ask(endpoint, keyWithout.get(endpoint.scope as Scope) ?? '');
    expect([status, problemIn(text)]).toMatchObject([403, { code: 'scope_missing', scope: endpoint.scope }]);
  });
});

describe('what was asked of all routes, in all these ways, leaves on /metrics', () => {
  const page = async (): Promise<string> => (await fetch(`${baseUrl}/metrics`)).text();

  test('no more than 2,000 series, of all services in one process', async () => {
    expect(readExposition(await page()).series).toBeLessThanOrEqual(2_000);
  });

  test('what docs/metrics.md says, all of it and nothing else', async () => {
    const { metrics } = readExposition(await page());
    const catalogue = readCatalogue();
    expect([...metrics.keys()].toSorted()).toEqual([...catalogue.keys()].toSorted());
    for (const [name, { type, labels }] of metrics) {
      expect(catalogue.get(name)?.type, name).toBe(type);
      const known = ['service', 'le', ...(catalogue.get(name)?.labels ?? [])];
      expect(
        labels.filter((label) => !known.includes(label)),
        name,
      ).toEqual([]);
    }
  });

  describeReal('promtool', 'to Prometheus', () => {
    test('a page without fault, of each service and of all together', async () => {
      const pages = await Promise.all(services.map(async ({ metrics }) => (await scrape([metrics])).body));
      for (const input of [...pages, await page()]) {
        const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
        expect([status, stdout + stderr]).toEqual([0, '']);
      }
    });
  });
});

/** Asking for everything, where that can be asked for, and for what belongs to each thing that is real. */
function queriesOf({ query }: Endpoint): string[] {
  const everything = query === undefined || query.safeParse({}).success ? [''] : [];
  const names = Object.keys(query?.shape ?? {}).filter((name) => real[name] !== undefined);
  return [...everything, ...names.map((name) => `?${name}=${real[name]}`)];
}

interface Asked {
  readonly status: number;
  readonly text: string;
}

/** Sends a request that is right in every way but for who sends it. */
async function ask(endpoint: Endpoint, key: string | null, query = '', ids = real): Promise<Asked> {
  const { method, body, consumes = 'application/json' } = endpoint;
  const answer = await fetch(baseUrl + pathOf(endpoint, ids) + query, {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body && { 'content-type': consumes }),
      ...(endpoint.idempotent && { 'idempotency-key': newId() }),
      ...(endpoint.concurrency === 'required' && { 'if-match': '"1"' }),
    },
    ...(body && { body: JSON.stringify(endpoint.example ?? BODIES[endpoint.id] ?? {}) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** The path of an endpoint, with real ids in it. */
function pathOf({ method, path }: Endpoint, ids: Readonly<Record<string, string>>): string {
  const steps = path.split('/');
  const filled = steps.map((step, at) => {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    if (!name) return step;
    const kind = name === 'id' ? (steps[at - 1] ?? '') : name;
    const id = ids[kind];
    if (!id) throw new Error(`${method} ${path}: add something real of the demo chain, "${kind}", to realIds, here.`);
    return id;
  });
  return filled.join('/');
}

/** Something of each kind, of the demo chain; what it does not have is made. */
async function realIds(api: Comanda): Promise<Record<string, string>> {
  for (const id of MADE) await makeExample(id, owner);
  const order = await first(api.all('/v1/orders'));
  const stockItemId = (await first(api.all('/v1/inventory/stock-items'))).id;
  const purchases = await purchase(api, order.locationId, stockItemId);
  const [check] = order.checks;
  if (!check) throw new Error('An order has a check.');
  const [line] = check.lines;
  const { locationId, menuHash } = order;
  const [variationId, itemId] = [line?.variationId ?? '', line?.itemId ?? ''];
  await api.PUT('/v1/orders/countdowns/{locationId}/{variationId}', {
    path: { locationId, variationId },
    body: { remaining: 12 },
  });
  await api.PUT('/v1/catalog/locations/{locationId}/overrides/{itemId}', {
    path: { locationId, itemId },
    body: { present: false },
  });
  const webhook = await webhookWithDelivery(api);
  const offers = await offersWithGrant();
  const paymentId = (await first(api.all('/v1/payments'))).id;
  return {
    locationId,
    orderId: order.id,
    checkId: check.id,
    lineId: line?.id ?? '',
    comboId: line?.id ?? '',
    chargeId: line?.id ?? '',
    itemId,
    variationId,
    hash: menuHash,
    paymentId,
    accountId: (await first(api.all('/v1/payments/guest-accounts'))).id,
    // In this order: while a payment of a bill is open, nobody else pays what it holds.
    taskId: await lateDecline(api, check.bill),
    attemptId: await openAttempt(api, check.bill),
    customerId: (await first(api.all('/v1/loyalty/customers'))).id,
    recipeId: (await first(api.all('/v1/inventory/recipes'))).id,
    stockItemId,
    ...purchases,
    keyId: (await first(api.all('/v1/identity/keys'))).id,
    staffId: (await first(api.all('/v1/identity/staff'))).id,
    ...webhook,
    ...offers,
    categories: (await first(api.all('/v1/catalog/categories'))).id,
    items: itemId,
    'modifier-groups': (await first(api.all('/v1/catalog/modifier-groups'))).id,
    'service-charges': (await first(api.all('/v1/catalog/service-charges'))).id,
    taxes: (await first(api.all('/v1/catalog/taxes'))).id,
    schedules: (await first(api.all('/v1/catalog/schedules'))).id,
    'location-groups': (await first(api.all('/v1/catalog/location-groups'))).id,
  };
}

/** Made from their examples: the demo chain has none. */
const MADE = ['createStaff', 'createModifierGroup', 'createServiceCharge', 'createSchedule', 'createLocationGroup'];

async function first<Row>(rows: AsyncIterable<Row>): Promise<Row> {
  const [row] = await collect(rows, 1);
  if (!row) throw new Error('The demo chain has nothing of the kind.');
  return row;
}

/** A supplier, what is ordered from it, and what goes on from one location to another. */
async function purchase(api: Comanda, locationId: string, stockItemId: string): Promise<Record<string, string>> {
  const { data: locations } = await api.GET('/v1/identity/locations');
  const { data: supplier } = await api.POST('/v1/inventory/suppliers', { body: { name: 'Caseificio Rossi' } });
  const quantity = { amount: 1, unit: 'kg' } as const;
  const { data: bought } = await api.POST('/v1/inventory/purchase-orders', {
    body: { locationId, supplierId: supplier.id, lines: [{ stockItemId, quantity, cost: 695 }] },
  });
  const toLocationId = locations.data.find(({ id }) => id !== locationId)?.id ?? '';
  const { data: transfer } = await api.POST('/v1/inventory/transfers', {
    body: { fromLocationId: locationId, toLocationId, lines: [{ stockItemId, quantity }] },
  });
  return { supplierId: supplier.id, purchaseOrderId: bought.id, transferId: transfer.id };
}

/** What somebody has to look at: a card that a till took without a connection and that was declined later. */
async function lateDecline(api: Comanda, bill: Bill): Promise<string> {
  const { data: payment } = await api.POST('/v1/payments', {
    body: { bill, method: 'card', source: 'tok_declined', offline: true },
  });
  const { data: tasks } = await api.GET('/v1/payments/tasks');
  return tasks.data.find(({ paymentId }) => paymentId === payment.id)?.id ?? '';
}

/** Something that was asked of the provider and has not ended: a guest who has still to confirm. */
async function openAttempt(api: Comanda, bill: Bill): Promise<string> {
  const { data: payment } = await api.POST('/v1/payments', {
    body: { bill, method: 'card', source: 'wallet_password' },
  });
  const { data: attempts } = await api.GET('/v1/payments/attempts', { query: { paymentId: payment.id } });
  return attempts.data[0]?.id ?? '';
}

/** A webhook endpoint to which something is on its way, though nobody is there to take it. */
async function webhookWithDelivery(api: Comanda): Promise<{ endpointId: string; deliveryId: string }> {
  const { data: endpoint } = await api.POST('/v1/webhooks', {
    body: { url: 'https://hooks.invalid/', eventTypes: ['comanda.menu.published.v1'] },
  });
  const path = { endpointId: endpoint.id };
  const { data: ping } = await api.POST('/v1/webhooks/{endpointId}/ping', { path });
  // Its first failure is noted on the endpoint.
  await eventually(async () => (await api.GET('/v1/webhooks/{endpointId}', { path })).data.failingSince !== null, {
    within: 20_000,
  });
  return { endpointId: endpoint.id, deliveryId: ping.id };
}

/** A reward, a coupon, a grant of it, and what a guest said. */
async function offersWithGrant(): Promise<Record<string, string>> {
  return {
    rewardId: await makeExample('createReward', owner),
    couponId: await makeExample('createCoupon', owner),
    grantId: await makeExample('claimCoupon', owner),
    feedbackId: await makeExample('giveFeedback', owner),
  };
}

/** Makes what the example of an endpoint says, and returns its id. */
async function makeExample(endpointId: string, key: string): Promise<string> {
  const endpoint = ALL.find(({ id }) => id === endpointId);
  if (!endpoint) throw new Error(`There is no endpoint ${endpointId}.`);
  const { status, text } = await ask(endpoint, key);
  expect(status, text).toBe(201);
  return (JSON.parse(text) as { id: string }).id;
}

async function makeKey(api: Comanda, without: Scope): Promise<string> {
  const body = { name: `All but ${without}`, scopes: ALL_SCOPES.filter((scope) => scope !== without) };
  return (await api.POST('/v1/identity/keys', { body })).data.key ?? '';
}

const problemIn = (text: string): Partial<Problem> => JSON.parse(text) as Partial<Problem>;

/** A new key is known to each service within a moment. */
const everyServiceKnows = (key: string): Promise<void> =>
  eventually(
    async () => {
      for (const endpoints of Object.values(ENDPOINTS)) {
        const [any] = endpoints.filter(({ method, params }) => method === 'GET' && params === undefined);
        if (any) expect((await ask(any, key)).status).not.toBe(401);
      }
    },
    { within: 10_000 },
  );
