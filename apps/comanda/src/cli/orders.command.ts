import type { Comanda, Order } from '@comanda/client';
import { OrderStatus } from '@comanda/contracts/words';
import { type Command, Option } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { day, wholeNumber } from './options.js';
import { amountIn, collect, given, print, printJson, table } from './output.js';
import { placesOf } from './places.js';

interface OrdersOptions extends AskOptions {
  readonly location?: string;
}

interface ListOptions extends OrdersOptions {
  readonly date?: string;
  readonly status?: Order['status'];
  readonly limit: number;
}

/** Orders: those there are, and those that come. */
export function ordersCommand(program: Command): void {
  const orders = program.command('orders').description('orders: the newest, and as they come');
  const command = (name: string, description: string): Command =>
    asksPlatform(orders.command(name).description(description), 'orders:read').option(
      '--location <id>',
      'of this location alone',
    );

  command('list', 'the newest first')
    .option('--date <day>', 'of this business day (yyyy-mm-dd)', day)
    .addOption(new Option('--status <status>', 'in this state').choices(STATUSES))
    .option('--limit <n>', 'so many at most', wholeNumber(1, 10_000), 20)
    .action((options: ListOptions) => withPlatform(options, (api) => listOrders(api, options)));

  command('tail', 'each change of an order as it comes, until Ctrl-C')
    .addHelpText('after', TAIL)
    .action(async (options: OrdersOptions) => (await import('./tail-orders.js')).tailOrders(options));
}

const STATUSES = OrderStatus.options;

const TAIL = `
A connection that is lost is taken up again where it was: no order is missed. With --json each line is an order as it stands
then, as the feed of the API says it.`;

async function listOrders(api: Comanda, { location, date, status, limit, json }: ListOptions): Promise<void> {
  const query = { limit: Math.min(limit, 200), ...given({ locationId: location, businessDate: date, status }) };
  const orders = await collect(api.all('/v1/orders', { query }), limit);
  if (json) return printJson(orders);
  const places = await placesOf(api);
  print(
    table(
      orders.map((order) => [
        order.id,
        order.businessDate,
        order.number,
        places.get(order.locationId) ?? order.locationId,
        order.channel,
        order.status,
        order.paymentStatus,
        amountIn(order.totals.total),
      ]),
      ['order', 'day', 'no.', 'location', 'channel', 'status', 'payment', 'total'],
    ),
  );
}
