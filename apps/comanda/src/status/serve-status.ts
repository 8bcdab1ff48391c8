import { findPackageJSON } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Readiness, Service } from '@comanda/service';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { pageOf } from './page.js';
import { Samples } from './samples.js';
import { type Counted, countedIn, type Status, statusOf } from './status.js';

/**
 * Serves `/status` and `/status.json`: how the platform is, without a credential, as `/health/ready` and `/metrics` beside it, and
 * nothing that they do not say. It looks when it is asked, once a second at most; nobody asks, and it costs nothing.
 */
export function serveStatus(
  front: FastifyInstance,
  { services, registries }: { services: readonly Service[]; registries: readonly Registry[] },
): void {
  const looks = new Looks(services, registries);
  front.get('/status', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers(FOR_A_LOOK)
      .send(pageOf(await looks.look())),
  );
  front.get('/status.json', async (_request, reply) => reply.headers(FOR_A_LOOK).send(await looks.look()));
}

/** No script runs on the page, and nothing is fetched for it, whoever would like to. */
const FOR_A_LOOK = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

class Looks {
  readonly #startedAt = Date.now();
  readonly #version = versionOfPlatform();
  /** What was counted at earlier looks, the oldest first; nothing yet when it started. */
  #counted: Counted[] = [{ at: this.#startedAt, of: new Map() }];
  #last: { readonly at: number; readonly status: Promise<Status> } | undefined;

  constructor(
    private readonly services: readonly Service[],
    private readonly registries: readonly Registry[],
  ) {}

  look(): Promise<Status> {
    const now = Date.now();
    if (this.#last && now - this.#last.at < FRESH) return this.#last.status;
    this.#last = { at: now, status: this.#look() };
    return this.#last.status;
  }

  async #look(): Promise<Status> {
    const [samples, states] = await Promise.all([
      Samples.of(this.registries),
      Promise.all(this.services.map(async (service) => [service.name, await service.readiness()] as const)),
    ]);
    const readiness: ReadonlyMap<string, Readiness> = new Map(states);
    const now = countedIn(samples, [...readiness.keys()], Date.now());
    // The youngest that is old enough to make a mean of; at first, whatever there is.
    const from = this.#counted.findLastIndex(({ at }) => now.at - at >= SPAN);
    this.#counted = [...this.#counted.slice(Math.max(0, from)), now];
    const [before = now] = this.#counted;
    return statusOf({ samples, readiness, now, before, version: this.#version, startedAt: this.#startedAt });
  }
}

function versionOfPlatform(): string {
  const file = findPackageJSON('.', import.meta.url);
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : '';
}

/** Milliseconds for which a look serves all who ask; and over which rates are taken, at least, once there is that much to look back on. */
const FRESH = 1_000;
const SPAN = 30_000;
