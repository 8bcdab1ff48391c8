import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { PREFIXES, SERVICES } from '@comanda/contracts';
import { onTestFinished } from 'vitest';

/**
 * An address for each service, as inside a cluster: `/orders/…` leads to orders, and to nobody else. Resolves to their
 * template; `asked` fills with who was asked.
 */
export async function doorsTo(baseUrl: string): Promise<{ template: string; asked: Set<string> }> {
  const asked = new Set<string>();
  const server = createServer(async (request, response) => {
    const [, service, path = ''] = /^\/([a-z]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const name = SERVICES.find((each) => each === service);
    if (!name || !path.startsWith(PREFIXES[name])) return response.writeHead(404).end();
    asked.add(name);
    const body = await buffer(request);
    const { authorization = '', 'idempotency-key': key = '', 'content-type': type = '' } = request.headers;
    const headers = { authorization, ...(type && { 'content-type': type, 'idempotency-key': String(key) }) };
    const { method = 'GET' } = request;
    const answer = await fetch(baseUrl + path, { method, headers, ...(body.length > 0 && { body }) });
    return response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
      .end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { template: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{service}`, asked };
}
