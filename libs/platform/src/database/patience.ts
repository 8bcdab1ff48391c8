/**
 * Milliseconds for which a request waits before it is told to come back: for its turn, a connection, a lock, from when it
 * came to when nothing has been done for it.
 */
export const PATIENCE = 2_000;
