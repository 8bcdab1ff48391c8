import type { DataOf } from '@comanda/client';
import type { Money } from '@comanda/money';
import { type AskOptions, withPlatform } from './connect.js';
import { amountIn, given, print, printJson, table } from './output.js';
import type { ReportName } from './reports.command.js';

export interface ReportOptions extends AskOptions {
  readonly from?: string;
  readonly to?: string;
  readonly location?: string;
  readonly groupBy?: string;
}

/** Prints a report: a row for each group and the totals below, amounts in major units; or as the API answers it. */
export async function showReport(name: ReportName, { json, ...options }: ReportOptions): Promise<void> {
  const { from, to, location: locationId, groupBy } = options;
  const query = given({ from, to, locationId, groupBy });
  await withPlatform(options, async (api) => {
    const { data } = await api.GET(`/v1/reports/${name}`, { query });
    if (json) printJson(data);
    else print(inRows(data));
  });
}

type Answered = DataOf<`/v1/reports/${ReportName}`, 'get'>;
type Figure = number | string | Money;

function inRows({ groupBy, rows, totals }: Answered): string {
  if (rows.length === 0) return 'Nothing.';
  const { group: _, ...first } = rows[0] as Record<string, unknown>;
  const figures = Object.keys(first);
  const cells = (row: object): (string | number)[] =>
    figures.map((figure) => inCell((row as Record<string, Figure>)[figure] ?? ''));
  const groups = rows.map((row) => [...groupBy.map((name) => calledIn(row.group[name])), ...cells(row)]);
  const sums = totals.map((row) => [...groupBy.map((_name, at) => (at === 0 ? 'total' : '')), ...cells(row)]);
  return table([...groups, ...sums], [...groupBy, ...figures]);
}

const calledIn = (group: Answered['rows'][number]['group'][string] | undefined): string =>
  group?.name ?? group?.key ?? '-';

const inCell = (figure: Figure): string | number => (typeof figure === 'object' ? amountIn(figure) : figure);
