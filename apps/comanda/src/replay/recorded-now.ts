import type { Answer } from '@comanda/client';

/**
 * Whether a call of ours recorded what it was answered with, and not an earlier run: at once, or by a try of ours whose answer
 * never came. By the server's clock alone, which says to the second when it answered.
 * @param began when the call began, as `performance.now()` tells it
 */
export function isRecordedNow({ replayed, tries, headers, data }: Sent, began: number): boolean {
  if (!replayed) return true;
  const age = Date.parse(headers.get('date') ?? '') - Date.parse(data.recordedAt);
  return tries > 1 && age <= performance.now() - began + SECOND;
}

type Sent = Pick<Answer<{ readonly recordedAt: string }>, 'replayed' | 'tries' | 'headers' | 'data'>;

const SECOND = 1_000;
