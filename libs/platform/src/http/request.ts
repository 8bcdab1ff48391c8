import type { Endpoint } from '@comanda/contracts';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { CallOf } from './endpoint.decorator.js';

/** A request on its way through guard and interceptor, which add who calls and what was parsed. */
export interface ServiceRequest extends FastifyRequest {
  caller?: Caller;
  call?: CallOf<Endpoint>;
  /** When all of it was there, as `performance.now()` tells it. */
  since?: number;
  /** The body's bytes, on routes whose senders sign them. */
  bytes?: Buffer;
}
