/** What a failed attempt knows. Times in milliseconds since 1970. */
export interface Failure {
  readonly now: number;
  /** How many attempts there were, this one included. */
  readonly attempts: number;
  /** When this delivery first failed. */
  readonly firstFailedAt: number;
  /** The first failure of the endpoint since something last got through to it. */
  readonly failingSince: number;
}

export type NextStep =
  | { readonly step: 'retry'; readonly at: number }
  /** Others get through, this one does not: what follows it must not wait for ever. */
  | { readonly step: 'give up' }
  /** Nothing gets through: the endpoint is disabled, and what waits stays as it is. */
  | { readonly step: 'disable' };

/**
 * What follows a failed attempt: another one after the next of the waits, a tenth more or less so that many do not return
 * at once; in the end the delivery is given up, or the endpoint if nothing has got through in all that time.
 * @param spread 0 to 1, by chance
 */
export function afterFailure(failure: Failure, waits: readonly number[], spread: number): NextStep {
  const { now, attempts, firstFailedAt, failingSince } = failure;
  const patience = waits.reduce((sum, wait) => sum + wait, 0);
  const wait = waits[attempts - 1];
  const nothingGotThrough = failingSince <= firstFailedAt;
  if (nothingGotThrough && (wait === undefined || now - failingSince >= patience)) return { step: 'disable' };
  if (wait === undefined) return { step: 'give up' };
  return { step: 'retry', at: now + Math.round(wait * (0.9 + spread / 5)) };
}
