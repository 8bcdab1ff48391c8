import autocannon from 'autocannon';
import { closedLoop } from '../driver/closed-loop.js';
import { Sender, type Sending } from '../driver/sender.js';
import type { Table } from '../report/figures.js';
import { ratio } from '../report/table.js';
import { mustBe } from '../scenarios/orders.js';
import { inTurn } from '../measures/side.js';
import { ownTarget, type Target } from './target.js';

/** Few enough that whoever sends is not what is measured. */
const CONNECTIONS = 8;
/** Two clients that measure the same thing differ by this at most. */
const APART = 0.05;

/** Seconds: so short that whatever else the machine does hits both. */
const TURN = 2;
const WARM_UP = 5;

interface Route {
  readonly name: string;
  readonly sending: Sending;
}

/** Routes that change nothing, so that both clients ask the same platform the same thing. */
function routesOf({ shop }: Target): Route[] {
  const { locationId, menuHash } = shop.places[0] ?? { locationId: '', menuHash: '' };
  const lines = shop.variationIds.slice(0, 3).map((variationId) => ({ variationId, quantity: 1 }));
  return [
    { name: 'POST /v1/orders/quote', sending: { path: '/v1/orders/quote', body: { locationId, menuHash, lines } } },
    { name: 'GET /v1/orders?limit=20', sending: { path: `/v1/orders?limit=20&locationId=${locationId}` } },
    { name: 'GET …/menu/preview', sending: { path: `/v1/catalog/locations/${locationId}/menu/preview` } },
  ];
}

/**
 * Answers a second of single routes, as this driver and as autocannon count them, in turns on one platform, each with the same
 * connections that ask again as soon as they were answered.
 */
export async function crosscheck(
  seconds: number,
  say: (step: string) => void,
): Promise<{ readonly figures: object; readonly table: Table; readonly good: boolean }> {
  await using target = await ownTarget(say, { kafka: false });
  const found: { route: string; driver: number; autocannon: number; ratio: number | null }[] = [];
  for (const { name, sending } of routesOf(target)) {
    say(`${name}: ${seconds} s by each`);
    const by = { driver: byDriver, autocannon: byAutocannon } as const;
    const rates: Record<keyof typeof by, number[]> = { driver: [], autocannon: [] };
    for (const count of Object.values(by)) await count(target, sending, WARM_UP); // code is compiled, caches are full
    for (let turn = 0; turn * TURN < seconds; turn++)
      for (const who of inTurn(['driver', 'autocannon'] as const, turn))
        rates[who].push((await by[who](target, sending, TURN)) / TURN);
    const ratios = rates.driver.flatMap((rate, turn) => ratio(rate, rates.autocannon[turn] ?? null) ?? []);
    found.push({
      route: name,
      driver: median(rates.driver),
      autocannon: median(rates.autocannon),
      ratio: median(ratios),
    });
  }
  const isNear = (value: number | null): boolean => value !== null && Math.abs(value - 1) <= APART;
  return {
    figures: { routes: found },
    table: {
      title: `Answers a second at ${CONNECTIONS} connections, by this driver and by autocannon, in turns; the median`,
      columns: ['route', 'driver', 'autocannon', 'ratio', `within ${APART * 100} %`],
      rows: found.map(({ route, driver, autocannon: other, ratio: apart }) => [
        route,
        driver,
        other,
        apart,
        isNear(apart) ? 'yes' : 'NO',
      ]),
    },
    good: found.every(({ ratio: apart }) => isNear(apart)),
  };
}

/** The one in the middle: a turn in which the machine did something else says nothing. */
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** @returns how many answers there were */
async function byDriver({ baseUrl, apiKey }: Target, sending: Sending, seconds: number): Promise<number> {
  const sender = new Sender(baseUrl, { connections: CONNECTIONS, apiKey });
  const act = async (): Promise<void> => mustBe(200, sending.path, await sender.send(sending));
  const { operations } = await closedLoop({ workers: CONNECTIONS, seconds, act });
  await sender.close();
  return operations;
}

/** @returns how many answers there were */
async function byAutocannon({ baseUrl, apiKey }: Target, { path, body }: Sending, seconds: number): Promise<number> {
  const result = await autocannon({
    url: `${baseUrl}${path}`,
    connections: CONNECTIONS,
    duration: seconds,
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  mustBe(200, path, { status: result.non2xx + result.errors === 0 ? 200 : 0, retryAfter: null, body: 'to autocannon' });
  return (result['2xx'] / result.duration) * seconds; // it stops when it next looks at its clock
}
