import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, type ProblemCode } from '@comanda/client';

// Services follow one another within moments: what has to be waited for, and never for longer than half a minute.

/** Tries again while a service has not heard of another's news: then its refusal is thrown like any other. */
export async function onceHeard<T>(
  attempt: (tries: number) => Promise<T>,
  notHeard: ReadonlySet<ProblemCode> = NOT_HEARD_OF,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !notHeard.has(error.code) || tries === TRIES) throw error;
      await pause(100);
    }
  }
}

const NOT_HEARD_OF: ReadonlySet<ProblemCode> = new Set(['reference_unknown']);
const TRIES = 300;

/** Waits until something is so; who asks for it next finds out if it never was. */
export async function soon(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES && !(await isSo()); tries++) await pause(100);
}
