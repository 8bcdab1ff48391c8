import { createServer, type RequestListener, type Server } from 'node:http';

/** How long a server waits for its clients, in milliseconds. */
interface Patience {
  /** For a request's headers, and for all of it. A till on a bad line takes seconds. */
  readonly headers: number;
  readonly request: number;
  /** For any byte in either direction while a request is under way: longer than any answer takes, or a live feed is silent. */
  readonly silence: number;
  /** How often it looks. */
  readonly check: number;
}

/**
 * An HTTP server that no client can hold up: who sends too slowly gets 408, headers without end 431, and who reads nothing of
 * their answer loses the connection. It does not listen yet.
 */
export function createHttpServer(handle: RequestListener, patience: Patience = PATIENCE): Server {
  const server = createServer(
    {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.check,
      maxHeaderSize: 16 * 1024,
    },
    handle,
  );
  server.timeout = patience.silence;
  return server;
}

const PATIENCE: Patience = { headers: 10_000, request: 30_000, silence: 60_000, check: 5_000 };
