import type { Comanda } from '@comanda/client';
import type { VisitNames } from './visit-names.js';
import { onceHeard } from './waiting.js';

/** What a visit asks of the platform. */
export class VisitRequests {
  constructor(
    readonly api: Comanda,
    readonly names: VisitNames,
  ) {}

  /**
   * Asks under a key that follows from the season and from the name of what is asked. What a service has not heard of yet
   * is asked for under another: a refusal is remembered with its key.
   */
  once<T>(name: string, ask: (key: string) => Promise<T>): Promise<T> {
    const id = this.names.id('key', name);
    return onceHeard((tries) => ask(`season-${id}-${tries}`));
  }
}

/** An answer that is not what the plan says. */
export class Otherwise extends Error {}

/** @throws Otherwise */
export function expectEqual(what: string, found: unknown, planned: unknown): void {
  if (found !== planned) throw new Otherwise(`${what} is ${String(found)} and not ${String(planned)}`);
}
