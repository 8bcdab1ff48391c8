import type { Command } from 'commander';
import { day } from './options.js';
import type { ReportOptions } from './reports.js';

/** What was sold, paid and used, through the API like anybody else; and building those figures anew. */
export function reportsCommand(program: Command): void {
  const reports = program.command('reports').alias('report').description('what was sold, paid and used');
  for (const [name, description] of REPORTS)
    reports
      .command(name)
      .description(description)
      .option('--from <day>', 'the first business day (yyyy-mm-dd)', day)
      .option('--to <day>', 'the last business day, included', day)
      .option('--location <id>', 'of this location alone')
      .option('--group-by <names>', 'up to three, separated by commas: item,channel; a wrong one names all there are')
      .option('--url <url>', 'the platform; by default the one that npm start runs here')
      .option('--key <key>', 'an API key with reports:read (COMANDA_API_KEY)')
      .option('--json', 'print as JSON')
      .action(async (options: ReportOptions) => (await import('./reports.js')).showReport(name, options));
  reports
    .command('rebuild')
    .description('build all figures anew from the start of the topics, while the platform goes on')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => (await import('./rebuild-reports.js')).rebuildReports(json));
}

export type ReportName = (typeof REPORTS)[number][0];

const REPORTS = [
  ['sales', 'lines and service charges, by day, hour, item, channel, server, …'],
  ['taxes', 'tax by tax and rate'],
  ['discounts', 'what was taken off'],
  ['charges', 'what service charges brought, and what was waived'],
  ['voids', 'what was ordered and voided, with its reasons'],
  ['food-cost', 'what dishes cost in stock, beside what they were sold for'],
  ['returns', 'what went back after it was paid, with its reasons'],
  ['payments', 'collected and given back by method, with tips and fees'],
  ['reconciliation', 'what was sold against what the ledger holds for it'],
  ['stock', 'what dishes consumed, what came in and was wasted'],
  ['table-turn', 'how long tables were taken, by party, table and hour'],
  ['sync-health', 'how late the platform learnt of what happened'],
] as const;
