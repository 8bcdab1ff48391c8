import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Sender, Sending } from './sender.js';

/** An answer, and how often they were told to come back, or lost the connection, before it. */
export interface Answered extends Answer {
  readonly turnedAway: number;
}

/**
 * Asks until there is an answer for good. Whoever is told to come back does so when they were told to, and whoever loses the
 * connection after a second: under the same key, so that nothing is done twice.
 * @param patience seconds after which they do not come again; 0 for those who come once
 */
export async function askPatiently(sender: Sender, sending: Sending, patience: number): Promise<Answered> {
  const until = performance.now() + patience * 1000;
  for (let turnedAway = 0; ; turnedAway++) {
    const answer = await sender.send(sending);
    if (!mayPass(answer)) return { ...answer, turnedAway };
    const wait = (answer.retryAfter ?? 1) * 1000;
    if (performance.now() + wait > until) return { ...answer, turnedAway: turnedAway + 1 };
    await pause(wait);
  }
}

/** Of a 409 only the one that says so passes: the same request is still under way. */
const mayPass = ({ status, retryAfter }: Answer): boolean =>
  status === 0 || status === 429 || status === 503 || (status === 409 && retryAfter !== null);
