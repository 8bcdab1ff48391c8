import type { GroupKey } from '@comanda/contracts';
import { Refusal, together, type Tx } from '@comanda/platform';
import { nameIn } from './name-in.js';
import type { Report } from './reports.js';

/** What is asked of a report. */
export interface Question {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly locationId?: string | undefined;
  readonly channel?: string | undefined;
  readonly serviceType?: string | undefined;
  readonly groupBy: readonly string[];
}

/** A row of a report, or the sum of all; amounts in minor units of the currency it is apart by. */
export interface Figures {
  readonly group: Readonly<Record<string, GroupKey>>;
  readonly apart: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly sums: Readonly<Record<string, number>>;
}

/** The most rows that a report may have: more is for a spreadsheet of each month. */
const MOST_ROWS = 20_000;

/**
 * Answers a question in one statement: rows and totals are of the same moment.
 * @param within the locations the caller may see; null for all
 * @throws Refusal `report_too_large`
 */
export async function ask(
  tx: Tx,
  report: Report,
  question: Question,
  within: readonly string[] | null,
): Promise<{ rows: Figures[]; totals: Figures[] }> {
  const { from = null, to = null, locationId = null, channel = null, serviceType = null, groupBy } = question;
  const ofOrders = 'channel' in report.dimensions ? [channel, serviceType] : [];
  const [found, languages] = await together(
    tx.query<Found[]>(textOf(report, groupBy), [from, to, locationId, within, ...ofOrders]),
    tx.sql<{ languages: string[] }[]>`select languages from known_organizations`,
  );
  const rows = found.filter(({ whole }) => whole === 0);
  if (rows.length > MOST_ROWS)
    throw new Refusal('report_too_large', `More than ${MOST_ROWS} rows: ask for fewer days, or group by less.`);
  const spoken = languages[0]?.languages ?? [];
  return {
    rows: rows.map((row) => toFigures(row, report, groupBy, spoken)),
    totals: found.filter(({ whole }) => whole === 1).map((row) => toFigures(row, report, [], spoken)),
  };
}

type Found = Record<string, unknown> & { readonly whole: number; readonly apart: string };

// Every part of it is ours: what callers choose are names of dimensions, which their schema lists.
function textOf({ dimensions, of, counts, sums, ...report }: Report, groupBy: readonly string[]): string {
  const grouped = groupBy.flatMap((name) => dimensions[name] ?? []);
  const keys = grouped.map(({ key }) => key);
  const columns = [
    `grouping(${keys[0]}) as whole`,
    `${of} as apart`,
    ...keys.map((key, at) => `${key} as key_${at}`),
    ...grouped.flatMap(({ name }, at) => (name ? [`${name} as name_${at}`] : [])),
    ...Object.entries({ ...counts, ...sums }).map(([name, sum]) => `(${sum})::bigint as "${name}"`),
  ];
  const filters = [
    ...(report.where ? [report.where] : []),
    `($1::date is null or ${report.businessDate} >= $1::date)`,
    `($2::date is null or ${report.businessDate} <= $2::date)`,
    `($3::uuid is null or ${report.locationId} = $3::uuid)`,
    `($4::uuid[] is null or ${report.locationId} = any($4::uuid[]))`,
    ...('channel' in dimensions
      ? ['($5::text is null or sold.channel = $5::text)', '($6::text is null or sold.service_type = $6::text)']
      : []),
  ];
  return `
    select ${columns.join(', ')}
    from ${report.from}
    where ${filters.join(' and ')}
    group by grouping sets ((${[...keys, of].join(', ')}), (${of}))
    order by whole desc, apart, ${keys.map((_, at) => `key_${at}`).join(', ')}
    limit ${MOST_ROWS + 1_000}`;
}

function toFigures(
  row: Found,
  { counts, sums, dimensions }: Report,
  groupBy: readonly string[],
  languages: readonly string[],
): Figures {
  const numbers = (of: Readonly<Record<string, string>>): Record<string, number> =>
    Object.fromEntries(Object.keys(of).map((name) => [name, Number(row[name])]));
  const group = groupBy.map((name, at): [string, GroupKey] => [
    name,
    {
      key: (row[`key_${at}`] as string | null) ?? null,
      name: dimensions[name]?.name ? nameIn(row[`name_${at}`], languages) : null,
    },
  ]);
  return { group: Object.fromEntries(group), apart: row.apart, counts: numbers(counts), sums: numbers(sums) };
}
