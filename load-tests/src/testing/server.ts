import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Served {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until it is answered. */
  readonly after?: number;
}

/** A server that answers as it is told: to the how-manieth request. */
export async function serving(answer: (turn: number) => Served) {
  const heard: { readonly path: string | undefined; readonly key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { status, headers = {}, after = 0 } = answer(heard.length);
    heard.push({ path: request.url, key: String(request.headers['idempotency-key']) });
    request.resume();
    setTimeout(() => response.writeHead(status, headers).end('{}'), after);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
