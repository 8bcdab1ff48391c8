import { codeOf } from './faults.js';

/**
 * Waits for statements that were sent together. @throws what the first of them that failed threw: those that arrive after it are
 * only told that their transaction is aborted
 */
export async function together<Sent extends readonly Promise<unknown>[]>(
  ...sent: Sent
): Promise<{ -readonly [At in keyof Sent]: Awaited<Sent[At]> }> {
  const failures = (await Promise.allSettled(sent)).flatMap((each) => (each.status === 'rejected' ? [each] : []));
  const first = failures.find(({ reason }) => codeOf(reason) !== ABORTED);
  if (first) throw first.reason;
  return Promise.all(sent);
}

/** In a transaction that failed before. */
const ABORTED = '25P02';
