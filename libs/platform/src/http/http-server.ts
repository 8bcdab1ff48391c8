import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a server waits for its clients, in milliseconds. */
interface Patience {
  /** For a request's headers, and for all of it. A till on a bad line takes seconds. */
  readonly headers: number;
  readonly request: number;
  /** For any byte in either direction while a request is under way: longer than any answer takes, or a live feed is silent. */
  readonly silence: number;
  /** For the next request on a connection: longer than a load balancer keeps one, or it sends a request into one that closes. */
  readonly idle: number;
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
      keepAliveTimeout: patience.idle,
      connectionsCheckingInterval: patience.check,
      maxHeaderSize: 16 * 1024,
    },
    handle,
  );
  server.timeout = patience.silence;
  const open = new Set<ServerResponse>();
  underWay.set(server, open);
  server.prependListener('request', (_request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  return server;
}

/**
 * Listens. Whoever knocks while the process is busy waits at the door: of the few hundred that Node lets wait by itself the
 * next is lost without a word, and a client knocks again after one second, then two, then four.
 * @throws an error with code `EADDRINUSE` where the port is taken
 */
export function listen(server: Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) =>
    server.once('error', reject).listen({ port, host, backlog: AT_THE_DOOR }, resolve),
  );
}

/** As many as Linux lets. */
const AT_THE_DOOR = 4_096;

/** The answers that a server still owes. */
const underWay = new WeakMap<Server, Set<ServerResponse>>();

/**
 * Closes a server without dropping anybody: every answer from now on is the last on its connection, so that no client sends
 * another request into one that is about to be closed; then nobody new is let in, and those under way end.
 * @param options.goodbye milliseconds in which it still lets in: as long as whoever sends requests needs to hear of it
 * @param options.drain milliseconds after that in which requests may end; a live feed never does by itself
 */
export async function closeGently(
  server: Server,
  { goodbye = 0, drain }: { goodbye?: number; drain: number },
): Promise<void> {
  const isLast = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  for (const response of underWay.get(server) ?? []) isLast(response);
  server.prependListener('request', (_request, response) => isLast(response));
  await pause(goodbye);
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), drain);
  await ended.finally(() => clearTimeout(cut));
}

const PATIENCE: Patience = { headers: 10_000, request: 30_000, silence: 60_000, idle: 75_000, check: 5_000 };
