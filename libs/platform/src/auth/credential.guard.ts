import type { Endpoint } from '@comanda/contracts';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import type { PlatformConfig } from '../config.js';
import { ENDPOINT } from '../http/endpoint.decorator.js';
import type { ServiceRequest } from '../http/request.js';
import { Refusal } from '../refusal.js';
import { type Caller, requireScope } from './caller.js';
import { Credentials } from './credentials.js';
import { CONFIG, METRICS, RATE_LIMITER } from '../tokens.js';
import type { RateLimiter } from './rate-limit.js';

/** Nobody gets past without a credential that carries the endpoint's scope; a route without an endpoint is closed. */
@Injectable()
export class CredentialGuard implements CanActivate {
  readonly #limited: Counter<'by'>;

  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: Credentials,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
    @Inject(CONFIG) private readonly config: PlatformConfig,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#limited = new Counter({
      name: 'rate_limited_requests_total',
      help: 'Requests refused because there were too many of them, by what was over its rate.',
      labelNames: ['by'],
      registers: [metrics],
    });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const endpoint = this.reflector.get<Endpoint | undefined>(ENDPOINT, context.getHandler());
    if (!endpoint) return false;
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<ServiceRequest>(), http.getResponse<FastifyReply>()];
    if (endpoint.scope === null) {
      await this.#limit(reply, [['address', request.ip, this.config.RATE_LIMIT_PER_SECOND]]);
      return true;
    }
    const caller = await this.#callerOf(request);
    await this.#limit(reply, this.#bucketsOf(caller));
    requireScope(caller, endpoint.scope);
    request.caller = caller;
    return true;
  }

  #bucketsOf({ kind, organizationId, id, ratePerSecond }: Caller): Bucket[] {
    if (ratePerSecond === null) return [];
    const ofCredential: Bucket = ['credential', `${kind}:${organizationId}:${id}`, ratePerSecond];
    const { RATE_LIMIT_ORGANIZATION_PER_SECOND: ofAll } = this.config;
    return ofAll === undefined ? [ofCredential] : [ofCredential, ['organization', organizationId, ofAll]];
  }

  /** Guessing keys costs the guesser: failures count against the address they come from. */
  async #callerOf(request: ServiceRequest) {
    try {
      return await this.credentials.callerOf(request.headers.authorization);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'credential_invalid') {
        const { allowed, retryAfter } = await this.limiter.take(`failures:${request.ip}`, FAILURES_PER_SECOND);
        if (!allowed) {
          this.#limited.inc({ by: 'wrong_credentials' });
          throw new Refusal('rate_limited', 'Too many wrong credentials from this address.', {}, { retryAfter });
        }
      }
      throw error;
    }
  }

  /** Takes from every bucket, and tells of the one with the least left. */
  async #limit(reply: FastifyReply, buckets: readonly Bucket[]): Promise<void> {
    const allowances = await Promise.all(
      buckets.map(async ([by, whose, rate]) => ({ by, ...(await this.limiter.take(`${by}:${whose}`, rate)) })),
    );
    const [tightest] = allowances.sort(
      (one, other) => other.retryAfter - one.retryAfter || one.remaining - other.remaining,
    );
    if (!tightest) return;
    const { by, allowed, limit, remaining, retryAfter } = tightest;
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', remaining)
      .header('ratelimit-reset', retryAfter);
    if (allowed) return;
    this.#limited.inc({ by });
    throw new Refusal('rate_limited', 'Too many requests.', {}, { retryAfter });
  }
}

type Bucket = readonly [by: 'credential' | 'organization' | 'address', whose: string, ratePerSecond: number];

const FAILURES_PER_SECOND = 50;
