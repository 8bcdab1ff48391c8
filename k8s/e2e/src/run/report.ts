import type { Outcome } from './step.js';

/** What `--json` prints. */
export interface Report {
  readonly steps: readonly Pick<Outcome, 'name' | 'ok' | 'figures' | 'seconds' | 'problem'>[];
  /** Requests that failed where none may. */
  readonly failedRequests: number;
  /** What guests were told is done, and is not there. */
  readonly lost: number;
  /** What was asked for once and is there twice. */
  readonly duplicated: number;
}

export function reportOf(outcomes: readonly Outcome[]): Report {
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + of(each), 0);
  return {
    steps: outcomes.map(({ name, ok, figures, seconds, problem }) => ({
      name,
      ok,
      figures,
      seconds,
      ...(problem !== undefined && { problem }),
    })),
    failedRequests: sum(({ failedRequests }) => failedRequests),
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
  };
}

/** Whether every promise was kept. Who has seen nothing has proved nothing. */
export const isKept = ({ steps, failedRequests, lost, duplicated }: Report): boolean =>
  steps.length > 0 && steps.every(({ ok }) => ok) && failedRequests + lost + duplicated === 0;

/** The report as a person reads it, and as it stands in a document: a table in Markdown. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ name, title, ok, seconds, figures }) => [
    name,
    title,
    Object.entries(figures)
      .map(([figure, value]) => `${figure} ${value}`)
      .join('; '),
    `${seconds} s`,
    ok ? 'kept' : 'BROKEN',
  ]);
  const table = [['step', 'what is done', 'what was seen', 'took', 'verdict'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  const { failedRequests, lost, duplicated } = reportOf(outcomes);
  return [
    line(head),
    line(widths.map((width) => '-'.repeat(width))),
    ...body.map(line),
    '',
    ...outcomes.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
    `${failedRequests} requests failed where none may, ${lost} acknowledged operations lost, ${duplicated} duplicated.`,
    '',
  ].join('\n');
}
