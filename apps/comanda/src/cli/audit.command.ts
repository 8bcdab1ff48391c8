import { caughtUp, examineAll, type Finding, INVARIANTS, isEmpty, type Sources } from '@comanda/invariants';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import type { Command } from 'commander';
import { Home } from '../platform/home.js';
import { openSources } from '../platform/sources.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

export function auditCommand(program: Command): void {
  program
    .command('audit')
    .description('wait until every consumer has followed, then check what must always be true of the data')
    .option('--json', 'print the findings as JSON', false)
    .option('--within <seconds>', 'how long consumers may take to follow', '60')
    .addHelpText(
      'after',
      '\nReads every database with a role that can write nothing. Exit code 0 when every invariant holds, else 1.',
    )
    .action(audit);
}

async function audit({ json, within }: { json: boolean; within: string }): Promise<void> {
  const findings = await withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'audit', log: createLog('audit', 'error') });
    const sources = openSources(environment, log);
    try {
      return await findingsOf(sources, Number(within) * 1000, json);
    } finally {
      await sources.close();
      await log.close();
    }
  });
  const broken = findings.filter(({ holds }) => !holds);
  if (json) printJson({ holds: broken.length === 0, findings });
  else print(broken.length === 0 ? '\nEverything holds.' : '');
  if (broken.length > 0)
    throw new CommandFailure(
      `${broken.map(({ id }) => id).join(', ')} ${broken.length === 1 ? 'does' : 'do'} not hold.`,
    );
}

async function findingsOf(sources: Sources, within: number, json: boolean): Promise<Finding[]> {
  const progress = new Progress(process.stderr, json);
  progress.step('waiting until outboxes are empty and consumers at the end');
  const behind = await caughtUp(sources, within);
  if (!isEmpty(behind)) {
    const waiting = (rows: Readonly<Record<string, number>>, what: string): string[] =>
      Object.entries(rows).flatMap(([service, count]) => (count > 0 ? [`${count} ${what} ${service}`] : []));
    throw new CommandFailure(
      `After ${within / 1000} seconds there still wait: ${[...waiting(behind.outbox, 'events in the outbox of'), ...waiting(behind.lag, 'events for'), ...waiting(behind.unsettled, 'facts to settle in')].join(', ')}.`,
    );
  }
  const findings: Finding[] = [];
  for await (const finding of examineAll(INVARIANTS, sources)) {
    findings.push(finding);
    if (!json) show(finding);
  }
  return findings;
}

function show({ id, promise, examined, violations, holds }: Finding): void {
  print(
    `${id.padEnd(4)}${holds ? 'holds ' : 'BROKEN'}  ${examined.toLocaleString('en').padStart(12)} rows  ${promise}`,
  );
  for (const violation of violations) print(`        ${violation}`);
}
