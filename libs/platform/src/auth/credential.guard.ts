import type { Endpoint } from '@comanda/contracts';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { ENDPOINT } from '../http/endpoint.decorator.js';
import type { ServiceRequest } from '../http/request.js';
import { Refusal } from '../refusal.js';
import { requireScope } from './caller.js';
import { Credentials } from './credentials.js';
import { RATE_LIMITER } from '../tokens.js';
import type { RateLimiter } from './rate-limit.js';

/** Nobody gets past without a credential that carries the endpoint's scope; a route without an endpoint is closed. */
@Injectable()
export class CredentialGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: Credentials,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const endpoint = this.reflector.get<Endpoint | undefined>(ENDPOINT, context.getHandler());
    if (!endpoint) return false;
    if (endpoint.scope === null) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<ServiceRequest>();
    const caller = await this.#callerOf(request);
    if (caller.ratePerSecond !== null)
      await this.#limit(http.getResponse<FastifyReply>(), `key:${caller.id}`, caller.ratePerSecond);
    requireScope(caller, endpoint.scope);
    request.caller = caller;
    return true;
  }

  /** Guessing keys costs the guesser: failures count against the address they come from. */
  async #callerOf(request: ServiceRequest) {
    try {
      return await this.credentials.callerOf(request.headers.authorization);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'credential_invalid') {
        const { allowed, retryAfter } = await this.limiter.take(`address:${request.ip}`, FAILURES_PER_SECOND);
        if (!allowed)
          throw new Refusal('rate_limited', 'Too many wrong credentials from this address.', {}, { retryAfter });
      }
      throw error;
    }
  }

  async #limit(reply: FastifyReply, bucket: string, rate: number): Promise<void> {
    const { allowed, limit, remaining, retryAfter } = await this.limiter.take(bucket, rate);
    reply
      .header('ratelimit-limit', limit)
      .header('ratelimit-remaining', remaining)
      .header('ratelimit-reset', retryAfter);
    if (!allowed) throw new Refusal('rate_limited', 'Too many requests with this credential.', {}, { retryAfter });
  }
}

const FAILURES_PER_SECOND = 50;
