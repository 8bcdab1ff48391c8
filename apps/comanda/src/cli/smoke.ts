import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, Comanda, type Menu, type Order, type Sender } from '@comanda/client';
import { PREFIXES, SERVICES } from '@comanda/contracts/words';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { amountIn, print, printJson } from './output.js';

export interface SmokeOptions {
  readonly url: string;
  readonly key?: string;
  readonly location?: string;
  readonly within: number;
  readonly json?: boolean;
}

/**
 * Places an order and pays it in cash, as a till would, and waits until orders has heard of the payment: the whole way, from
 * request to database to broker to the other service.
 * @throws CommandFailure with what is in the way
 */
export async function smoke({ url, key, location, within, json = false }: SmokeOptions): Promise<void> {
  const api = await connect(url, key);
  const began = performance.now();
  try {
    const placed = await placeSomething(api, location);
    for (const { bill } of placed.checks) await api.POST('/v1/payments', { body: { bill, method: 'cash' } });
    const order = await whenPaid(api, placed, within);
    const milliseconds = Math.round(performance.now() - began);
    if (json) printJson({ order, milliseconds });
    else print(`Order ${order.number}, ${amountIn(order.totals.total)}, is placed and paid: ${milliseconds} ms.`);
  } catch (error) {
    throw error instanceof ApiProblem && error.status === 401 ? new CommandFailure(REFUSED) : error;
  }
}

const REFUSED =
  'The API key is refused: it is not of this installation, or was revoked, or is not whole (COMANDA_API_KEY, --key).';

async function connect(url: string, given: string | undefined): Promise<Comanda> {
  const apiKey = given ?? process.env['COMANDA_API_KEY'] ?? (await new Home().demo.read())?.apiKey;
  if (!apiKey) throw new CommandFailure('Give an API key: --key, or COMANDA_API_KEY.');
  if (!URL.canParse(url.replace(SERVICE, 'orders'))) throw new CommandFailure(`--url: ${url} is no address.`, 2);
  const baseUrl = url.replace(/\/+$/, '');
  return new Comanda({ baseUrl, apiKey, patience: 10_000, send: toServices(baseUrl) });
}

const SERVICE = '{service}';

/** Past the ingress there is no address for all: each path goes to the service that the template then stands for. */
function toServices(template: string): Sender {
  return async ({ url, ...request }) => {
    const path = url.slice(template.length);
    const service = SERVICES.find((name) => path.startsWith(PREFIXES[name])) ?? '';
    try {
      return await fetch(template.replace(SERVICE, service) + path, request as RequestInit);
    } catch (error) {
      // "fetch failed" says less than what it failed of: which name is unknown, which port is closed.
      throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
    }
  };
}

/** The first thing that can be had without choosing, where it can be had. */
async function placeSomething(api: Comanda, location: string | undefined): Promise<Order> {
  const locations = location ? [location] : await idsOf(api);
  for (const locationId of locations) {
    for (const variationId of simpleThings(await menuOf(api, locationId))) {
      try {
        const { data } = await api.POST('/v1/orders', { body: { locationId, lines: [{ variationId }] } });
        return data;
      } catch (error) {
        // Sold out, or not at this hour: the next one may be there.
        if (!(error instanceof ApiProblem) || !['item_unavailable', 'countdown_exhausted'].includes(error.code))
          throw error;
      }
    }
  }
  throw new CommandFailure(
    `Nothing can be ordered: ${location ? `location ${location} has no` : 'no location of this organization has a'} published menu with an item that needs no choice.`,
  );
}

async function idsOf(api: Comanda): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of api.all('/v1/identity/locations')) ids.push(id);
  return ids;
}

async function menuOf(api: Comanda, locationId: string): Promise<Menu | undefined> {
  try {
    return (await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } })).data;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

function simpleThings(menu: Menu | undefined): string[] {
  const demanding = new Set(menu?.modifierGroups.filter(({ min }) => min > 0).map(({ id }) => id));
  return (menu?.items ?? [])
    .filter(({ modifierGroupIds }) => !modifierGroupIds.some((id) => demanding.has(id)))
    .flatMap(({ variations }) => variations.filter(({ price, slots }) => price > 0 && !slots).map(({ id }) => id));
}

async function whenPaid(api: Comanda, { id, number }: Order, within: number): Promise<Order> {
  const until = performance.now() + within * 1_000;
  for (;;) {
    const { data } = await api.GET('/v1/orders/{orderId}', { path: { orderId: id } });
    if (data.paymentStatus === 'paid') return data;
    if (performance.now() > until)
      throw new CommandFailure(
        `Order ${number} was placed and paid, but ${within} seconds later orders has not heard of it: see comanda lag.`,
      );
    await pause(200);
  }
}
