/** Something a person can mend. Its message is the one sentence they see. */
export class Failure extends Error {
  /** @override */
  name = 'Failure';
}

/**
 * The sentence for a person; undefined for what is a bug of ours and keeps its stack trace.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function sentenceFor(error) {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const path = 'path' in error ? String(error.path) : 'the project folder';
  if (error.code === 'ENOSPC') return fullDisk(path);
  if (error.code === 'EACCES' || error.code === 'EROFS')
    return `${path} cannot be written: start as the user who owns it.`;
  return undefined;
}

/**
 * @param {string} place
 * @returns {string}
 */
export function fullDisk(place) {
  return `The disk that holds ${place} is full: make room (the packages need about 1 GB) and start again.`;
}
