import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asyncApi, openApiOf } from '@comanda/contracts';
import { closeGently, createHttpServer, listen, problemOf, Refusal, sendProblem } from '@comanda/platform';
import type { Service } from '@comanda/service';
import Fastify, { type FastifyInstance } from 'fastify';
import { AggregatorRegistry } from 'prom-client';
import { serveDocs } from './docs.js';
import { PREFIXES, services as definitions } from './services.js';

/** The one door of the embedded platform: each path goes to its service; health, metrics and descriptions are merged. */
export interface Front {
  readonly port: number;
  /** Opens the paths of the services; until then every request is told to come back. */
  serve(services: readonly Service[]): Promise<void>;
  /** Takes no new requests, and waits for those under way. */
  close(): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Listens, before there is anything to serve: who finds the port taken should know at once, and services call each other
 * through it.
 * @throws an error with code `EADDRINUSE`
 */
export async function openFront(host: string, port: number): Promise<Front> {
  let handle: Handle = comeBack;
  const server = createHttpServer((request, response) => handle(request, response));
  await listen(server, port, host);
  const own = Fastify();
  return {
    port: (server.address() as AddressInfo).port,
    async serve(services) {
      serveOwn(own, services);
      await own.ready();
      handle = routed(services, (request, response) => own.routing(request, response));
    },
    async close() {
      handle = comeBack;
      await closeGently(server, { drain: DRAIN });
      await own.close();
    },
  };
}

/** How long requests under way may take when the platform stops; a live feed never ends by itself. */
const DRAIN = 5_000;

function routed(services: readonly Service[], own: Handle): Handle {
  const byName = new Map(services.map((service) => [service.name, service]));
  const doors = Object.entries(PREFIXES).map(([prefix, { name }]) => ({ prefix, service: byName.get(name) }));
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const service = doors.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service;
    if (service) service.handle(request, response);
    else own(request, response);
  };
}

function comeBack(_request: IncomingMessage, response: ServerResponse): void {
  const refusal = new Refusal('unavailable', 'The platform is starting or stopping.', {}, { retryAfter: 1 });
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' });
  response.end(JSON.stringify(problemOf(refusal)));
}

function serveOwn(front: FastifyInstance, services: readonly Service[]): void {
  const openapi = openApiOf({ title: 'Comanda', endpoints: definitions.flatMap(({ endpoints }) => endpoints) });
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
