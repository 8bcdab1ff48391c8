import { drill, type Drilled, faultsOf, LIMITS } from '../drill/drill.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress } from './output.js';

export interface DrillInputs {
  readonly orders: number;
  /** Seconds. */
  readonly every: number;
  readonly json?: boolean;
}

/** Runs a drill and prints its figures. @throws CommandFailure saying what it showed to be wrong */
export async function runDrill({ json, ...options }: DrillInputs): Promise<void> {
  const progress = new Progress(process.stderr, json);
  const drilled = await drill({ ...options, progress: (step) => progress.step(step) });
  const faults = faultsOf(drilled);
  if (json) printJson({ ok: faults.length === 0, limits: LIMITS, ...drilled });
  else show(drilled);
  if (faults.length > 0) throw new CommandFailure(faults.join(' '));
}

function show({ recoveryPointSeconds, recoverySeconds, orders, restored, filled, audit }: Drilled): void {
  const same = ({ before, after, postings }: Drilled['restored']): string =>
    `${before === after ? 'equal' : 'DIFFERENT'}, ${postings.toLocaleString('en')} postings, sha256 ${after.slice(0, 16)}…`;
  print(`recovery point   ${recoveryPointSeconds} s before the disaster (limit ${LIMITS.recoveryPoint} s)
recovery time    ${recoverySeconds} s until orders were taken again (limit ${LIMITS.recovery} s)
orders           ${orders.acknowledged} acknowledged, ${orders.cameBack} came back, ${orders.sentAgain} sent again by their clients
ledger, restored ${same(restored)}
ledger, filled   ${same(filled)}
invariants       ${audit.holds ? `all ${audit.findings.length} hold` : 'BROKEN'}`);
}
