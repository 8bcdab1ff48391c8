import { caughtUp, isEmpty } from '@comanda/invariants';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { openSources } from '../sources.js';

/** Waits until everything that was told so far has had its effects everywhere. */
export async function everybodyHasFollowed(environment: NodeJS.ProcessEnv): Promise<void> {
  const log = openEventLog(environment, { clientId: 'test', log: createLog('test', 'silent') });
  const sources = openSources(environment, log);
  const behind = await caughtUp(sources);
  await sources.close();
  await log.close();
  if (!isEmpty(behind)) throw new Error(`Somebody does not follow: ${JSON.stringify(behind)}`);
}
