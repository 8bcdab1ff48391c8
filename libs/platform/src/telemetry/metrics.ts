import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** The registry of one service; every series says which service it is of. */
export function createMetrics(service: string, options: { process: boolean }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // Event loop, garbage collection, heap: of the process, so once where several services share one.
  if (options.process) collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * Measures rate, errors and duration of every route.
 * @returns how to count a request that did not go through the server's routes
 */
export function measureRequests(fastify: FastifyInstance, registry: Registry): RequestMeter {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [0.005, 0.01, 0.025, 0.04, 0.075, 0.15, 0.3, 0.75, 1.5, 3, 7.5],
    registers: [registry],
  });
  const took = (method: string, route: string, status: number, ms: number): void =>
    duration.observe({ http_request_method: method, http_route: route, http_response_status_code: status }, ms / 1000);
  fastify.addHook('onResponse', (request, reply, done) => {
    // An unknown path must not make a series of its own.
    took(request.method, request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
    done();
  });
  return { took };
}

export interface RequestMeter {
  took(method: string, route: string, status: number, milliseconds: number): void;
}

/** How full the pools are. */
export function measurePools(pools: Readonly<Record<string, DataSource>>, registry: Registry): void {
  const gauge = new Gauge({
    name: 'db_client_connections',
    help: 'Connections of a pool, by state.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, source] of Object.entries(pools)) {
        const {
          idleCount = 0,
          totalCount = 0,
          waitingCount = 0,
        } = ((source.driver as { master?: unknown }).master ?? {}) as PgPool;
        gauge.set({ pool, state: 'idle' }, idleCount);
        gauge.set({ pool, state: 'used' }, totalCount - idleCount);
        gauge.set({ pool, state: 'waited_for' }, waitingCount);
      }
    },
  });
}

interface PgPool {
  idleCount?: number;
  totalCount?: number;
  waitingCount?: number;
}
