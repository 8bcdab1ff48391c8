import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Endpoint } from '@comanda/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { Refusal } from '../refusal.js';
import { sendProblem } from './problem.filter.js';
import { Throttle } from './throttle.js';

/**
 * In what order requests are turned away when more is asked than can be answered: who looks, or asks for a price, first;
 * then what begins something new; last what others wait for, such as the payment of guests who have eaten.
 */
export type Rank = 'looks' | 'begins' | 'goes on';

/** The rank of a route's requests. A live stream has none: nobody waits for it to end. */
export function rankOf({ method, idempotent, begins, produces }: Endpoint): Rank | undefined {
  if (produces === 'text/event-stream') return undefined;
  if (method === 'GET' || (method === 'POST' && !idempotent)) return 'looks';
  return begins ? 'begins' : 'goes on';
}

/**
 * Lets so many requests into a service at once, and no more: past that, waiting would only make every answer late. Who is
 * turned away hears so before anything but the headers is read, at a fraction of what an answer costs.
 *
 * What begins something new finds a place only while few enough are in the house, to order or to pay, in all services of this
 * process: as soon as ordering takes long there are fewer places. Whoever is let in comes again, to pay, and an order that
 * nobody can pay for is worse than one that was not taken.
 */
export class Admission {
  readonly #limits: Readonly<Record<Rank, number>>;
  readonly #inside = new WeakMap<FastifyRequest, { readonly rank: Rank; readonly since: number }>();
  readonly #throttle: Throttle;
  readonly #shed = new Counter({
    name: 'http_server_requests_shed_total',
    help: 'Requests turned away because more was asked than can be answered, by why and by what they would have done.',
    labelNames: ['reason', 'rank'],
    registers: [],
  });
  #underWay = 0;

  /** @param most requests at once: half of them may look, three quarters look or begin something */
  constructor(most: number) {
    this.#limits = { looks: Math.ceil(most / 2), begins: Math.ceil((most * 3) / 4), 'goes on': most };
    this.#throttle = new Throttle(this.#limits.begins);
  }

  /**
   * Watches over the routes of a server that are added from now on.
   * @param rankOfRoute undefined for what is never turned away: health, metrics
   */
  guard(fastify: FastifyInstance, rankOfRoute: (method: string, path: string) => Rank | undefined): void {
    fastify.addHook('onRoute', (route) => {
      const rank = rankOfRoute([route.method].flat().join(), route.path);
      if (rank) route.config = { ...route.config, rank };
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      const { rank } = request.routeOptions.config as { rank?: Rank };
      if (rank === undefined) return done();
      const reason = this.#reasonAgainst(rank);
      if (reason !== undefined) {
        this.#shed.inc({ reason, rank });
        return sendProblem(reply, TOO_MANY);
      }
      this.#inside.set(request, { rank, since: performance.now() });
      this.#underWay += 1;
      if (rank !== 'looks') inTheHouse += 1;
      done();
    });
    // Also when the client has gone without its answer.
    fastify.addHook('onResponse', (request, _reply, done) => {
      const inside = this.#inside.get(request);
      this.#inside.delete(request);
      if (inside) this.#leave(inside.rank, inside.since);
      done();
    });
  }

  /** Tells a registry how many requests are under way, how many new ones would find a place, and who was turned away. */
  measure(registry: Registry): void {
    const gauge = (name: string, help: string, read: () => number): Gauge =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    gauge('http_server_active_requests', 'Requests under way.', () => this.#underWay);
    gauge(
      'http_server_throttle_places',
      'How many requests that order or pay may be under way before what begins something new is turned away.',
      () => this.#throttle.places,
    );
    registry.registerMetric(this.#shed);
  }

  #reasonAgainst(rank: Rank): 'full' | 'throttled' | undefined {
    if (this.#underWay >= this.#limits[rank]) return 'full';
    return rank === 'begins' && inTheHouse >= this.#throttle.places ? 'throttled' : undefined;
  }

  #leave(rank: Rank, since: number): void {
    this.#underWay -= 1;
    if (rank === 'looks') return;
    const now = performance.now();
    // What it waited before it was first looked at is part of what it took.
    if (rank === 'begins') this.#throttle.answered(now - since + unseen(), inTheHouse, now);
    inTheHouse -= 1;
  }
}

/** Waits for somebody else's answer, on behalf of a request: meanwhile it takes nobody's place. */
export async function elsewhere<T>(answer: Promise<T>): Promise<T> {
  inTheHouse -= 1;
  try {
    return await answer;
  } finally {
    inTheHouse += 1;
  }
}

/** How many requests of this process are under way that order or pay and do not wait for somebody else. */
let inTheHouse = 0;

/** How many milliseconds a request has lately waited for its turn in the event loop. */
function unseen(): number {
  if (performance.now() - lately.at >= LATELY) {
    lately = { at: performance.now(), delay: Math.max(0, loop.mean / 1e6 - RESOLUTION) || 0 };
    loop.reset();
  }
  return lately.delay;
}

const [RESOLUTION, LATELY] = [10, 100];
const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
loop.enable();
let lately = { at: 0, delay: 0 };

const TOO_MANY = new Refusal('unavailable', 'More is asked than can be answered now.', {}, { retryAfter: 1 });
