import { Answer } from '@comanda/platform';

/**
 * Answers what the caller may have already: 304 when `If-None-Match` names it, else all of it. Tags are compared
 * weakly, as RFC 9110 (13.1.2) says: a weak one and a strong one of the same value match.
 */
export async function unlessHeld<T>(
  ifNoneMatch: string | undefined,
  headers: Readonly<Record<string, string>> & { readonly etag: string; readonly 'cache-control': string },
  body: () => Promise<T> | T,
): Promise<Answer<T | undefined>> {
  return holds(ifNoneMatch, headers.etag)
    ? new Answer<undefined>(undefined, { status: 304, headers })
    : new Answer(await body(), { headers });
}

/** Whether a caller says to have what a tag names. */
export function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
