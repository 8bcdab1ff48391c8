import { openApiOf } from '@comanda/contracts';
import { scrape } from '@comanda/platform';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { ServiceDefinition } from './definition.js';
import type { Readiness } from './readiness.js';

/** Serves what operators ask every service for: health, metrics, and its description. No credential: the ingress does not route them. */
export function serveOperations(
  fastify: FastifyInstance,
  {
    definition,
    metrics,
    readiness,
  }: { definition: ServiceDefinition; metrics: Registry; readiness: () => Promise<Readiness> },
): void {
  // Alive as long as the event loop turns; a database that is away is no reason to restart.
  fastify.get('/health/live', () => ({ status: 'ok' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const state = await readiness();
    return reply
      .status(state.ready ? 200 : 503)
      .send({ status: state.ready ? 'ok' : 'unavailable', checks: state.checks });
  });
  fastify.get('/metrics', async ({ headers }, reply) => {
    const { contentType, body } = await scrape([metrics], headers.accept);
    return reply.header('content-type', contentType).send(body);
  });
  // Made when it is first asked for: few ever ask, and everybody would wait for it.
  let openapi: object | undefined;
  fastify.get(
    '/openapi.json',
    () => (openapi ??= openApiOf({ title: `Comanda ${definition.name}`, endpoints: definition.endpoints })),
  );
}
