import type { Logger } from '../waiting.js';

/** A log for tests that make things fail on purpose. */
export const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
