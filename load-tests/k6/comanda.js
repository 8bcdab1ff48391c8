// What guests and tills ask of Comanda, for k6: the same requests, in the same order, as src/scenarios has them.
//
//   BASE_URL  where it is (http://localhost:8080)     API_KEY   its key, of a test organization
//   LOCATION  where to sell (the first location)      RATE, DURATION, SESSIONS  how much
import exec from 'k6/execution';
import http from 'k6/http';
import { check, fail, sleep } from 'k6';
import { amountOf } from './parameters.js';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8080';
const DISHES = 24;

/** Of those a guest may be told, to come back later is no error. */
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 429, 503));

/** How much of a scenario. */
export const amount = (scenario) => amountOf(scenario, __ENV);

/** An open model: guests come whatever became of those before. */
export const arriving = (from, stages, most = 2000) => ({
  executor: 'ramping-arrival-rate',
  startRate: Math.round(from * 60),
  timeUnit: '1m',
  preAllocatedVUs: Math.min(most, 200),
  maxVUs: most,
  stages: stages.map(([to, seconds]) => ({
    target: Math.round(to * 60),
    duration: `${Math.max(1, Math.round(seconds))}s`,
  })),
});

/** What nobody should get is an error, in every scenario. */
export const NOTHING_WRONG = { http_req_failed: ['rate<0.0005'], dropped_iterations: ['count<1'] };

/** What is sold, and where: asked once, before anybody comes. */
export function openShop() {
  const organization = ask('organization', 'GET', '/v1/identity/organization').json();
  if (organization.mode === 'live') fail(`${organization.name} is live: a load test sells in test organizations only.`);
  const locationId = __ENV.LOCATION || ask('locations', 'GET', '/v1/identity/locations').json().data[0].id;
  const menu = ask('menu', 'GET', '/v1/catalog/locations/{locationId}/menu', { path: { locationId } }).json();
  const variationIds = menu.items
    .slice(0, DISHES)
    .map(({ variations }) => variations[0].id)
    .filter((variationId) => quote({ locationId, lines: [{ variationId }] }).status === 200);
  if (variationIds.length === 0) fail('Nothing on the menu can be ordered without a choice.');
  return { locationId, menuHash: menu.hash, variationIds };
}

/** A till sends an order and takes the guest's card at once. */
export function tillSells(shop) {
  const order = orderOf(shop, { channel: 'pos', table: '12' });
  pay(order, place(order));
}

/** A guest reads the menu, thinks, asks for the price, orders for exactly that, pays, and looks until it is paid. */
export function phoneOrders(shop) {
  const { locationId, menuHash } = shop;
  const order = orderOf(shop, { channel: 'qr', table: String(1 + (exec.scenario.iterationInTest % 80)) });
  ask('menu', 'GET', '/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
  think(20);
  ask('menu metadata', 'GET', '/v1/catalog/locations/{locationId}/menu/metadata', { path: { locationId } });
  think(10);
  const lines = order.lines.map(({ variationId, quantity }) => ({ variationId, quantity }));
  const price = quote({ locationId, menuHash, lines });
  if (price.status !== 200) return;
  think(10);
  const placed = place({ ...order, expectedTotal: price.json().totals.total });
  think(10);
  if (!pay(order, placed)) return;
  for (let look = 0; look < 5; look++) {
    const { status, body } = ask('read', 'GET', '/v1/orders/{orderId}', { path: { orderId: order.id } });
    if (status === 200 && JSON.parse(body).paymentStatus === 'paid') return;
    think(2);
  }
  check(null, { 'the order says that it is paid': () => false });
}

const quote = (cart) => ask('quote', 'POST', '/v1/orders/quote', { body: cart });

const place = (order) => ask('place', 'POST', '/v1/orders', { key: order.id, body: order });

/** Pays what was placed, all of it, by card. Resolves to whether the card was charged. */
function pay(order, placed) {
  if (placed.status !== 201) return false;
  const { bill } = placed.json().checks[0];
  const paid = ask('pay', 'POST', '/v1/payments', {
    key: `pay-${order.id}`,
    body: { bill, method: 'card', source: 'tok_visa' },
  });
  if (paid.status === 429 || paid.status === 503) return false;
  return check(paid, {
    'the card was charged': ({ status, body }) => status === 201 && JSON.parse(body).status === 'captured',
  });
}

function orderOf({ locationId, menuHash, variationIds }, { channel, table }) {
  const turn = exec.scenario.iterationInTest;
  return {
    locationId,
    menuHash,
    id: crypto.randomUUID(),
    checkId: crypto.randomUUID(),
    channel,
    serviceType: 'dine_in',
    table,
    covers: 2,
    lines: [0, 1, 2].map((index) => ({
      id: crypto.randomUUID(),
      variationId: variationIds[(turn * 3 + index) % variationIds.length],
      quantity: 1,
    })),
  };
}

/** Seconds, give or take half of them. */
const think = (seconds) => sleep(seconds * (0.5 + Math.random()));

/** Asks, under a name that thresholds and k6's summary know it by. */
function ask(what, method, route, { path = {}, key, body } = {}) {
  const url = BASE_URL + route.replace(/\{(\w+)\}/g, (_, name) => path[name]);
  return http.request(method, url, body === undefined ? null : JSON.stringify(body), {
    headers: {
      authorization: `Bearer ${__ENV.API_KEY}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    tags: { name: what },
  });
}
