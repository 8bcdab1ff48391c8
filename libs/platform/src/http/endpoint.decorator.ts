import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Endpoint as Described, InputOf } from '@comanda/contracts';
import type { Caller } from '../auth/caller.js';
import type { ServiceRequest } from './request.js';
import { routeOf } from './routes.js';

export const ENDPOINT = Symbol('endpoint');

/** Binds a controller's method to the route that the contracts describe: path, method, status, scope and schemas. */
export function Endpoint(described: Described): MethodDecorator {
  return applyDecorators(
    SetMetadata(ENDPOINT, described),
    ...(described.signed ? [RouteConfig({ signed: true })] : []),
    RequestMapping({ path: routeOf(described), method: RequestMethod[described.method] }),
    HttpCode(described.status),
  );
}

/** What a sender has signed. */
export interface Signed {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a handler receives: who calls, with which key and version, and every part of the request, parsed. */
export interface CallOf<E extends Described> extends InputOf<E> {
  readonly endpoint: E;
  readonly caller: Caller;
  /** The `Idempotency-Key`, and what it is bound to; absent where the endpoint needs none. */
  readonly idempotency: { readonly key: string; readonly hash: string } | undefined;
  /** By when it is told to come back, as `performance.now()` tells it; nobody waits for what the house asks for by itself. */
  readonly until?: number | undefined;
  /** The version in `If-Match`. */
  readonly ifMatch: number | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly acceptLanguage: string | undefined;
  /** The body's bytes and the headers as they came, where the sender has signed them. */
  readonly signed: Signed | undefined;
}

/** Injects the call into a controller's method: `place(@Call() call: CallOf<typeof PlaceOrder>)`. */
export const Call = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ServiceRequest>().call,
);
