import type { Endpoint } from '@comanda/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.js';
import { sendProblem } from './problem.filter.js';

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
 */
export class Admission {
  readonly #limits: Readonly<Record<Rank, number>>;
  readonly #inside = new WeakSet<FastifyRequest>();
  #underWay = 0;

  /** @param most requests at once: half of them may look, three quarters look or begin something */
  constructor(most: number) {
    this.#limits = { looks: Math.ceil(most / 2), begins: Math.ceil((most * 3) / 4), 'goes on': most };
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
      if (this.#underWay >= this.#limits[rank]) return sendProblem(reply, TOO_MANY);
      this.#inside.add(request);
      this.#underWay += 1;
      done();
    });
    // Also when the client has gone without its answer.
    fastify.addHook('onResponse', (request, _reply, done) => {
      if (this.#inside.delete(request)) {
        this.#underWay -= 1;
      }
      done();
    });
  }
}

const TOO_MANY = new Refusal('unavailable', 'More is asked than can be answered now.', {}, { retryAfter: 1 });
