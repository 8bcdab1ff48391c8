import { setTimeout as pause } from 'node:timers/promises';
import { type ApiAnswer, type ApiClient, ApiProblem } from '../cli/api-client.js';
import type { VisitNames } from './visit-names.js';

/** What a visit asks of the platform. */
export class VisitRequests {
  constructor(
    readonly api: ApiClient,
    readonly names: VisitNames,
  ) {}

  /**
   * Asks under a key that follows from the season. What a service has not heard of yet is asked for under another: a
   * refusal is remembered with its key.
   */
  async post<T>(path: string, key: string, body?: object): Promise<ApiAnswer<T>> {
    const name = this.names.id('key', key);
    for (let tries = 0; ; tries++) {
      try {
        return await this.api.post<T>(path, { key: `season-${name}-${tries}`, ...(body && { body }) });
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'reference_unknown' || tries === 50) throw error;
        await pause(200);
      }
    }
  }
}

/** An answer that is not what the plan says. */
export class Otherwise extends Error {}

/** @throws Otherwise */
export function expectEqual(what: string, found: unknown, planned: unknown): void {
  if (found !== planned) throw new Otherwise(`${what} is ${String(found)} and not ${String(planned)}`);
}

/** Waits until something is so, half a minute at most. */
export async function soon(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300 && !(await isSo()); tries++) await pause(100);
}
