import { setTimeout as pause } from 'node:timers/promises';
import { openSources } from '@comanda/comanda/sources';
import { type Backlog, backlogOf, isEmpty } from '@comanda/invariants';
import { createLog } from '@comanda/platform';
import { openEventLog } from '@comanda/service';

/** How far outboxes, the log and its consumers are, seen by the platform's auditor: on any transport. */
export interface Followers {
  backlog(): Promise<Backlog>;
  /** Waits until nothing is left to do. @returns what was still waiting when the time, in milliseconds, was up */
  caughtUp(within: number): Promise<Backlog>;
  close(): Promise<void>;
}

/** @param environment that of the platform's process */
export function openFollowers(environment: NodeJS.ProcessEnv): Followers {
  const log = openEventLog(environment, { clientId: 'bench', log: createLog('bench', 'error') });
  const sources = openSources(environment, log);
  const backlog = (): Promise<Backlog> => backlogOf(sources);
  return {
    backlog,
    async caughtUp(within) {
      const until = performance.now() + within;
      for (;;) {
        const behind = await backlog();
        // An effect may publish again: what was empty before the consumers were asked must be empty after.
        if (isEmpty(behind) && isEmpty(await backlog())) return behind;
        if (performance.now() > until) return behind;
        await pause(LOOK_EVERY);
      }
    },
    async close() {
      await sources.close();
      await log.close();
    },
  };
}

/** Milliseconds. To look costs the database some twenty statements. */
const LOOK_EVERY = 250;
