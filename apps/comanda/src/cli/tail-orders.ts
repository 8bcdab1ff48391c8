import type { Comanda, Order } from '@comanda/client';
import { type AskOptions, withPlatform } from './connect.js';
import { CommandFailure } from './failure.js';
import { amountIn, complain, print } from './output.js';
import { placesOf } from './places.js';

/** Prints each change of an order as it comes, until Ctrl-C, or until nobody reads any more. */
export async function tailOrders({
  location,
  json = false,
  ...options
}: AskOptions & { location?: string }): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  process.stdout.once('error', end);
  await withPlatform(
    options,
    async (api) => {
      const places = await placesOf(api, location);
      if (places.size === 0) throw new CommandFailure('Say which location: this key may not list them.');
      complain(`Listening at ${[...places.values()].join(', ')}. Ctrl-C ends.`);
      const tails = [...places].map(([id, name]) => tail(api, id, { name, json, signal: ended.signal }).finally(end));
      await Promise.all(tails);
    },
    MOST_LOCATIONS,
  );
}

interface Tailing {
  readonly name: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

async function tail(api: Comanda, locationId: string, { name, json, signal }: Tailing): Promise<void> {
  const query = { locationId };
  for await (const { event, data } of api.follow('/v1/orders/feed', { query, signal })) {
    if (event === 'reset') complain(`${name}: changes were missed, see orders list.`);
    else if (event === 'order') print(json ? data : inLine(JSON.parse(data) as Change, name));
  }
}

/** What a line shows of an order. */
type Change = Pick<Order, 'id' | 'number' | 'status' | 'paymentStatus' | 'channel' | 'totals' | 'version'>;

function inLine({ id, number, status, paymentStatus, channel, totals, version }: Change, name: string): string {
  const time = new Date().toTimeString().slice(0, 8);
  return [time, name, `#${number}`, channel, status, paymentStatus, amountIn(totals.total), `${id} v${version}`].join(
    '  ',
  );
}

/** Each location's feed keeps a connection of its own. */
const MOST_LOCATIONS = 1_024;
