import type { Endpoint } from '@comanda/contracts';
import type { FastifyInstance } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { routeOf } from '../http/routes.js';
import { exemplar, type TracedHistogram, tracedHistogram } from './exemplar.js';

/**
 * Measures rate, errors and duration of every route, and of hot ones how durations are spread: a histogram for each of some
 * hundred routes would be more series than everything else together. Health and metrics are asked for by machines, and left out.
 * @param endpoints what the server's contract describes
 * @returns how to count a request that did not go through the server's routes
 */
export function measureRequests(
  fastify: FastifyInstance,
  registry: Registry,
  endpoints: readonly Endpoint[],
): RequestMeter {
  const meter = new RequestMeter(registry, endpoints);
  fastify.addHook('onResponse', (request, reply, done) => {
    meter.took(request.method, request.routeOptions.url, reply.statusCode, reply.elapsedTime);
    done();
  });
  return meter;
}

/** Counts requests by their routes. */
export class RequestMeter {
  readonly #requests: Counter<RouteLabel | 'http_response_status_class'>;
  readonly #seconds: Counter<RouteLabel>;
  readonly #duration: TracedHistogram<RouteLabel>;
  /** By method and route. What is not here is asked for by machines. */
  readonly #routes = new Map<string, Route>();

  constructor(registry: Registry, endpoints: readonly Endpoint[]) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'http_server_requests_total',
      help: 'Requests answered, by route and class of status.',
      labelNames: [...ROUTE, 'http_response_status_class'],
      registers,
    });
    this.#seconds = new Counter({
      name: 'http_server_request_seconds_total',
      help: 'Seconds that requests took together, by route.',
      labelNames: ROUTE,
      registers,
    });
    this.#duration = tracedHistogram<RouteLabel>(registry, {
      name: 'http_server_request_duration_seconds',
      help: 'How long requests took, by hot route, and those of all other routes together.',
      labelNames: ROUTE,
      buckets: [0.01, 0.025, 0.04, 0.075, 0.15, 0.3, 0.75, 1.5, 3, 7.5],
    });
    for (const endpoint of endpoints) this.#know(endpoint);
  }

  /**
   * Counts a request, as an answer to the trace that is going on.
   * @param route undefined for a path that no route takes
   */
  took(method: string, route: string | undefined, status: number, milliseconds: number): void {
    const asked = route === undefined ? UNKNOWN : this.#routes.get(`${method} ${route}`);
    if (!asked) return;
    const answered = asked.answered[Math.floor(status / 100)];
    if (answered) this.#requests.inc(answered);
    // Nobody waits for the end of a stream.
    if (asked.streams) return;
    const seconds = milliseconds / 1_000;
    this.#seconds.inc(asked.labels, seconds);
    this.#duration.observe({ labels: asked.spread, value: seconds, exemplarLabels: exemplar() });
  }

  #know({ method, hot, produces, ...endpoint }: Endpoint): void {
    const route = routeOf(endpoint);
    // Where there is a GET there is a HEAD.
    for (const verb of method === 'GET' ? ['GET', 'HEAD'] : [method])
      this.#routes.set(`${verb} ${route}`, routeAs(verb, route, { hot, streams: produces === 'text/event-stream' }));
  }
}

type RouteLabel = 'http_request_method' | 'http_route';
const ROUTE = ['http_request_method', 'http_route'] as const;

/** The labels of a route, made once. */
interface Route {
  readonly labels: Labels;
  /** By the first digit of the status. */
  readonly answered: readonly (Labels & { readonly http_response_status_class: string })[];
  /** Of the histogram. */
  readonly spread: Labels;
  readonly streams: boolean;
}

type Labels = Readonly<Record<RouteLabel, string>>;

/** A word that no method is, as OpenTelemetry has it. */
const OTHER: Labels = { http_request_method: '_OTHER', http_route: '_OTHER' };

function routeAs(method: string, route: string, { hot, streams }: { hot: boolean; streams: boolean }): Route {
  const labels = { http_request_method: method, http_route: route };
  const answered = Array.from({ length: 6 }, (_, digit) => ({ ...labels, http_response_status_class: `${digit}xx` }));
  return { labels, answered, spread: hot ? labels : OTHER, streams };
}

/** An unknown path must not make a series of its own, nor an unknown method. */
const UNKNOWN = routeAs('_OTHER', 'unknown', { hot: false, streams: false });
