import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { asyncApi } from '@comanda/contracts';
import { Refusal, sendProblem } from '@comanda/platform';
import type { Service } from '@comanda/service';
import Fastify, { type FastifyInstance } from 'fastify';
import { AggregatorRegistry } from 'prom-client';
import { serveDocs } from './docs.js';
import { mergeOpenApi } from './merge-openapi.js';
import { PREFIXES } from './services.js';

/** The one door of the embedded platform: each path goes to its service; health, metrics and descriptions are merged. */
export interface Front {
  /** Returns the port it got. */
  listen(host: string, port: number): Promise<number>;
  close(): Promise<void>;
}

export async function openFront(services: readonly Service[]): Promise<Front> {
  const byName = new Map(services.map((service) => [service.name, service]));
  const doors = Object.entries(PREFIXES).map(([prefix, { name }]) => ({ prefix, service: byName.get(name) }));
  const route = (path: string): Service | undefined =>
    doors.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;
  const server = { current: undefined as Server | undefined };
  const front = Fastify({
    serverFactory(own) {
      server.current = createServer((request: IncomingMessage, response: ServerResponse) => {
        const service = route((request.url ?? '').split('?', 1)[0] ?? '');
        if (service) service.handle(request, response);
        else own(request, response);
      });
      return server.current;
    },
  });
  serveOwn(front, services);
  await front.ready();
  return {
    async listen(host, port) {
      await front.listen({ host, port });
      const address = server.current?.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    async close() {
      server.current?.closeIdleConnections();
      await front.close();
    },
  };
}

function serveOwn(front: FastifyInstance, services: readonly Service[]): void {
  const openapi = mergeOpenApi(services.map((service) => service.openapi));
  const events = asyncApi();
  front.get('/', (_request, reply) => reply.redirect('/docs'));
  front.get('/openapi.json', () => openapi);
  front.get('/asyncapi.json', () => events);
  front.get('/health/live', () => ({ status: 'ok' }));
  front.get('/health/ready', async (_request, reply) => {
    const states = await Promise.all(
      services.map(async (service) => [service.name, await service.readiness()] as const),
    );
    const ready = states.every(([, { ready: each }]) => each);
    return reply.status(ready ? 200 : 503).send({
      status: ready ? 'ok' : 'unavailable',
      services: Object.fromEntries(states.map(([name, { checks }]) => [name, checks])),
    });
  });
  front.get('/metrics', async (_request, reply) => {
    const metrics = await Promise.all(services.map((service) => service.metrics.getMetricsAsJSON()));
    const merged = AggregatorRegistry.aggregate(metrics);
    return reply.type(merged.contentType).send(await merged.metrics());
  });
  serveDocs(front);
  front.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new Refusal('not_found', 'There is nothing at this path.')),
  );
}
