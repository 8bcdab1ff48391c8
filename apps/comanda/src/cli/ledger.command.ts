import type { Comanda } from '@comanda/client';
import type { Command } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { day, wholeNumber } from './options.js';
import { amountIn, collect, given, print, printJson, table } from './output.js';

interface BalancesOptions extends AskOptions {
  readonly location?: string;
  readonly from?: string;
  readonly to?: string;
}

interface EntriesOptions extends AskOptions {
  readonly location?: string;
  readonly date?: string;
  readonly order?: string;
  readonly limit: number;
}

/** The double-entry ledger of payments. */
export function ledgerCommand(program: Command): void {
  const ledger = program.command('ledger').description('the double-entry ledger: balances, and entries');
  const command = (name: string, description: string): Command =>
    asksPlatform(ledger.command(name).description(description), 'payments:read').option(
      '--location <id>',
      'of this location alone',
    );

  command('balances', 'the balance of every account, by currency: they sum to zero')
    .option('--from <day>', 'the first business day (yyyy-mm-dd)', day)
    .option('--to <day>', 'the last business day, included', day)
    .action((options: BalancesOptions) => withPlatform(options, (api) => showBalances(api, options)));

  command('entries', 'the newest first, a line for each posting: debits are positive')
    .option('--date <day>', 'of this business day (yyyy-mm-dd)', day)
    .option('--order <id>', 'of this order alone')
    .option('--limit <n>', 'so many transactions at most', wholeNumber(1, 10_000), 50)
    .action((options: EntriesOptions) => withPlatform(options, (api) => showEntries(api, options)));
}

async function showBalances(api: Comanda, { location, from, to, json }: BalancesOptions): Promise<void> {
  const query = given({ locationId: location, from, to });
  const { data } = await api.GET('/v1/payments/ledger/balances', { query });
  if (json) return printJson(data.data);
  if (data.data.length === 0) return print('Nothing was posted.');
  print(
    table(
      data.data.map(({ account, balance }) => [account, amountIn(balance)]),
      ['account', 'balance'],
    ),
  );
}

async function showEntries(api: Comanda, { location, date, order, limit, json }: EntriesOptions): Promise<void> {
  const query = { limit: Math.min(limit, 200), ...given({ locationId: location, businessDate: date, orderId: order }) };
  const entries = await collect(api.all('/v1/payments/ledger', { query }), limit);
  if (json) return printJson(entries);
  if (entries.length === 0) return print('Nothing was posted.');
  print(
    table(
      entries.flatMap(({ businessDate, occurredAt, kind, orderId, postings }) =>
        postings.map(({ account, amount }, at) =>
          at === 0
            ? [businessDate, occurredAt, kind, orderId, account, amountIn(amount)]
            : ['', '', '', '', account, amountIn(amount)],
        ),
      ),
      ['day', 'at', 'kind', 'order', 'account', 'amount'],
    ),
  );
}
