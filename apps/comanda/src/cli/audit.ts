import {
  type Backlog,
  caughtUp,
  examineAll,
  type Finding,
  INVARIANTS,
  isEmpty,
  type Sources,
} from '@comanda/invariants';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { Home } from '../platform/home.js';
import { openSources } from '../platform/sources.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

export interface AuditOptions {
  readonly json?: boolean;
  /** Seconds. */
  readonly within: number;
}

/**
 * Waits until everything has followed, then examines every invariant and prints what it found.
 * @throws CommandFailure naming what still waits, or what does not hold
 */
export async function audit({ json = false, within }: AuditOptions): Promise<void> {
  await withDatabases(new Home(), async (environment) => {
    const log = openEventLog(environment, { clientId: 'audit', log: createLog('audit', 'error') });
    const sources = openSources(environment, log);
    try {
      const progress = new Progress(process.stderr, json);
      progress.step('waiting until outboxes are empty and consumers at the end');
      const behind = await caughtUp(sources, within * 1000);
      if (isEmpty(behind)) await judge(sources, json);
      else giveUp(behind, within, json);
    } finally {
      await sources.close();
      await log.close();
    }
  });
}

async function judge(sources: Sources, json: boolean): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of examineAll(INVARIANTS, sources)) {
    findings.push(finding);
    if (!json) show(finding);
  }
  const failing = findings.filter(({ holds }) => !holds);
  if (json) printJson({ holds: failing.length === 0, findings });
  const [broken, empty] = [failing.filter(({ examined }) => examined > 0), failing.filter(isUnproven)];
  if (broken.length > 0) throw new CommandFailure(`${named(broken)} ${broken.length === 1 ? 'does' : 'do'} not hold.`);
  if (empty.length > 0)
    throw new CommandFailure(`Nothing is broken, but ${named(empty)} found nothing to look at: sell something first.`);
  if (!json) print('\nEverything holds.');
}

function giveUp(behind: Backlog, within: number, json: boolean): never {
  if (json) printJson({ holds: false, findings: [], behind });
  const waiting = (rows: Readonly<Record<string, number>>, what: string): string[] =>
    Object.entries(rows).flatMap(([service, count]) => (count > 0 ? [`${count} ${what} ${service}`] : []));
  const all = [
    ...waiting(behind.outbox, 'events in the outbox of'),
    ...waiting(behind.lag, 'events for'),
    ...waiting(behind.unsettled, 'facts to settle in'),
  ];
  throw new CommandFailure(`After ${within} seconds there still wait: ${all.join(', ')}.`);
}

function show(finding: Finding): void {
  const { id, promise, examined, violations, holds } = finding;
  const state = holds ? 'holds' : isUnproven(finding) ? 'NO ROWS' : 'BROKEN';
  print(`${id.padEnd(4)}${state.padEnd(7)} ${examined.toLocaleString('en').padStart(12)} rows  ${promise}`);
  if (!isUnproven(finding)) for (const violation of violations) print(`        ${violation}`);
}

const isUnproven = ({ examined }: Finding): boolean => examined === 0;
const named = (findings: readonly Finding[]): string => findings.map(({ id }) => id).join(', ');
