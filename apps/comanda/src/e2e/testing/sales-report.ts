import type { Demo } from '../../platform/home.js';

/**
 * What the report of sales says was sold, in minor units, by the name or the key of a group.
 * @param days as the query names them: `from=2015-01-01&to=2015-01-31`
 */
export async function salesBy({ baseUrl, apiKey }: Demo, days: string, group: string): Promise<Record<string, number>> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const answer = await fetch(`${baseUrl}/v1/reports/sales?${days}&groupBy=${group}`, { headers });
  const { rows } = (await answer.json()) as {
    rows: { group: Record<string, { key: string; name: string | null }>; total: { amount: number } }[];
  };
  return Object.fromEntries(rows.map((row) => [row.group[group]?.name ?? row.group[group]?.key, row.total.amount]));
}
