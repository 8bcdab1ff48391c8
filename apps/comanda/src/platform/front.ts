import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asyncApi, openApiOf, PREFIXES } from '@comanda/contracts';
import {
  closeGently,
  createHttpServer,
  createMetrics,
  listen,
  problemOf,
  Refusal,
  scrape,
  sendProblem,
} from '@comanda/platform';
import type { Service } from '@comanda/service';
import Fastify, { type FastifyInstance } from 'fastify';
import { serveStatus } from '../status/serve-status.js';
import { serveDocs } from './docs.js';
import { services as definitions } from './services.js';

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
  const doors = Object.entries(PREFIXES).map(([name, prefix]) => ({ prefix, service: byName.get(name) }));
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
  // Made when they are first asked for: few ever ask, and everybody would wait for them.
  let openapi: object | undefined;
  let events: object | undefined;
  const endpoints = definitions.flatMap((definition) => definition.endpoints);
  front.get('/', (_request, reply) => reply.redirect('/docs'));
  front.get('/openapi.json', () => (openapi ??= openApiOf({ title: 'Comanda', endpoints })));
  front.get('/asyncapi.json', () => (events ??= asyncApi()));
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
  // The process is nobody's and everybody's.
  const registries = [createMetrics('comanda', { process: true }), ...services.map(({ metrics }) => metrics)];
  front.get('/metrics', async ({ headers }, reply) => {
    const { contentType, body } = await scrape(registries, headers.accept);
    return reply.header('content-type', contentType).send(body);
  });
  serveStatus(front, { services, registries });
  serveDocs(front);
  front.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new Refusal('not_found', 'There is nothing at this path.')),
  );
}
