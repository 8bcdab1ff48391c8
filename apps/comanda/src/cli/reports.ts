import type { AnswerOf, GroupKey, PaymentsReport, SalesReport, StockReport } from '@comanda/contracts';
import { formatDecimal, type Money } from '@comanda/money';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { print, printJson, table } from './output.js';

export interface ReportOptions extends ConnectOptions {
  readonly from?: string;
  readonly to?: string;
  readonly location?: string;
  readonly groupBy?: string;
  readonly json?: boolean;
}

/** Prints a report: a row for each group and the totals below, amounts in major units; or as the API answers it. */
export async function showReport(name: string, { json, ...options }: ReportOptions): Promise<void> {
  const { from, to, location: locationId, groupBy } = options;
  const asked = Object.entries({ from, to, locationId, groupBy }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as [string, string]],
  );
  const { api } = await connectToPlatform(options, 1);
  try {
    const { body } = await api.get<Answered>(`/v1/reports/${name}?${new URLSearchParams(asked).toString()}`);
    if (json) printJson(body);
    else print(inRows(body));
  } finally {
    await api.close();
  }
}

type Answered = AnswerOf<typeof SalesReport.json | typeof PaymentsReport.json | typeof StockReport.json>;
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

const calledIn = (group: GroupKey | undefined): string => group?.name ?? group?.key ?? '-';

const inCell = (figure: Figure): string | number =>
  typeof figure === 'object' ? `${formatDecimal(figure)} ${figure.currency}` : figure;
