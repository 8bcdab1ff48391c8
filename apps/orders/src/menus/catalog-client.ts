import { createHash } from 'node:crypto';
import { Menu, ReadMenuByHash } from '@comanda/contracts';
import { canonicalJson, CONFIG, METRICS, mintServiceToken } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import { Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import type { OrdersConfig } from '../orders.config.js';
import type { Wanted } from './published-menu.store.js';

/** Asks catalog for menus. A call takes three seconds at most; after five failures in a row catalog is left alone for a while. */
@Injectable()
export class CatalogClient {
  readonly #breaker = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(5), halfOpenAfter: 5_000 });
  readonly #calling = wrap(this.#breaker, timeout(3_000, TimeoutStrategy.Aggressive));

  constructor(
    @Inject(CONFIG) private readonly config: OrdersConfig,
    @Inject(METRICS) metrics: Registry,
  ) {
    const answers = (): boolean => this.answers;
    const gauge = new Gauge({
      name: 'circuit_breaker_open',
      help: 'Whether calls to another service are being held back.',
      labelNames: ['to'],
      registers: [],
      collect() {
        this.set({ to: 'catalog' }, answers() ? 0 : 1);
      },
    });
    metrics.registerMetric(gauge);
  }

  /** False from the fifth failure in a row until a call succeeds: until then one call at a time is enough. */
  get answers(): boolean {
    return this.#breaker.state === CircuitState.Closed;
  }

  /**
   * A published menu, checked against its hash.
   * @throws when catalog does not answer, answers with something else, or is being left alone
   */
  menu(wanted: Wanted, leaving: AbortSignal): Promise<Menu> {
    return this.#calling.execute(({ signal }) => this.#fetch(wanted, signal), leaving);
  }

  async #fetch({ organizationId, locationId, hash }: Wanted, signal: AbortSignal): Promise<Menu> {
    const path = ReadMenuByHash.path.replace('{locationId}', locationId).replace('{hash}', hash);
    const token = mintServiceToken(this.config.COMANDA_SECRET, {
      organizationId,
      scopes: [ReadMenuByHash.scope ?? 'catalog:read'],
      service: 'orders',
    });
    const response = await fetch(new URL(path, this.config.CATALOG_URL), {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`Catalog answered ${response.status}.`);
    }
    // What is hashed is all that was published, also what a newer catalog adds and this service does not read yet.
    const { hash: _, ...content } = Published.parse(await response.json());
    if (createHash('sha256').update(canonicalJson(content)).digest('hex') !== hash)
      throw new Error('Catalog answered with a menu that is not the one asked for.');
    return Menu.parse({ ...content, hash });
  }
}

const Published = z.record(z.string(), z.unknown());
