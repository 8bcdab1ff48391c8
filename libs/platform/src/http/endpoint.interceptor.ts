import { createHash } from 'node:crypto';
import { type Endpoint, type ProblemCode, refusedAs } from '@comanda/contracts';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { PATIENCE } from '../database/patience.js';
import { type Fault, Refusal } from '../refusal.js';
import { METRICS } from '../tokens.js';
import { Answer, etagOf } from './answer.js';
import { canonicalJson } from './canonical-json.js';
import { holdsCardNumber, refuseCardNumbers } from './card-numbers.js';
import { type CallOf, ENDPOINT, type Signed } from './endpoint.decorator.js';
import type { ServiceRequest } from './request.js';

/** Parses every part of a request by its endpoint before the handler, and writes status and headers after it. */
@Injectable()
export class EndpointInterceptor implements NestInterceptor {
  readonly #replays: Counter;

  constructor(
    private readonly reflector: Reflector,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#replays = new Counter({
      name: 'idempotency_replays_total',
      help: 'Repeats of a request that got its stored answer.',
      registers: [metrics],
    });
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const endpoint = this.reflector.get<Endpoint>(ENDPOINT, context.getHandler());
    const http = context.switchToHttp();
    const request = http.getRequest<ServiceRequest>();
    request.call = callOf(endpoint, request);
    return next.handle().pipe(map((result: unknown) => this.#send(result, endpoint, http.getResponse<FastifyReply>())));
  }

  #send(result: unknown, endpoint: Endpoint, reply: FastifyReply): unknown {
    const { body, options } = result instanceof Answer ? result : new Answer(result);
    if (options.status) reply.status(options.status);
    if (options.replayed) {
      this.#replays.inc();
      reply.header('idempotency-replayed', 'true');
    }
    const version = (body as { version?: unknown } | null | undefined)?.version;
    if (typeof version === 'number' && !endpoint.cached) reply.header('etag', etagOf(version));
    for (const [name, value] of Object.entries(options.headers ?? {})) reply.header(name, value);
    return body;
  }
}

function callOf(endpoint: Endpoint, request: ServiceRequest): CallOf<Endpoint> {
  checkMediaType(endpoint, request);
  const faults: Found[] = [];
  const params = parsed(endpoint.params, request.params ?? {}, 'path/', faults);
  const query = parsed(endpoint.query, request.query ?? {}, 'query/', faults);
  const body = parsed(endpoint.body, request.body ?? undefined, '', faults);
  if (!endpoint.query && Object.keys(request.query ?? {}).length > 0)
    faults.push({ ...MALFORMED, pointer: 'query/', detail: 'This route takes no query parameters.' });
  const ifMatch = endpoint.concurrency === 'required' ? versionIn(request.headers['if-match'], faults) : undefined;
  const worst = faults.find(({ code }) => code === MALFORMED.code) ?? faults[0];
  if (worst) {
    const errors: Fault[] = faults.slice(0, MOST_FAULTS).map(({ pointer, detail }) => ({ pointer, detail }));
    throw new Refusal(worst.code, worst.detail, { errors });
  }
  refuseCardNumbers(request.query, 'query');
  // What another company signs is not kept; its numbers are its own.
  if (!endpoint.signed) refuseCardNumbers(request.body);
  return {
    endpoint,
    // Only routes open to everyone have no caller, and they do not use it.
    caller: request.caller as Caller,
    params: params as never,
    query: query as never,
    body: body as never,
    idempotency: endpoint.idempotent ? keyOf(endpoint, request) : undefined,
    until: (request.since ?? performance.now()) + PATIENCE,
    ifMatch,
    ifNoneMatch: request.headers['if-none-match'],
    acceptLanguage: request.headers['accept-language'],
    signed: endpoint.signed ? signedIn(request) : undefined,
  };
}

function signedIn({ bytes, headers }: ServiceRequest): Signed {
  const single = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return { body: bytes ?? Buffer.alloc(0), headers: Object.fromEntries(single) as Signed['headers'] };
}

/** A spreadsheet is no JSON, and a form's texts are no numbers: what the route does not take is refused before it is looked at. */
function checkMediaType(endpoint: Endpoint, request: ServiceRequest): void {
  if (!endpoint.body || request.body === undefined || request.body === null) return;
  const taken = endpoint.consumes ?? 'application/json';
  const [given = ''] = request.headers['content-type']?.split(';', 1) ?? [];
  if (given.trim().toLowerCase() !== taken) throw new Refusal('media_type_unsupported', `This route takes ${taken}.`);
}

/** A fault, and what the request would be refused as if it were the only one. */
interface Found extends Fault {
  readonly code: ProblemCode;
}
const MALFORMED = { code: 'malformed_request' } as const;

function parsed(schema: z.ZodType | undefined, value: unknown, prefix: string, faults: Found[]): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  faults.push(
    ...result.error.issues.map((issue) => ({
      code: refusedAs(issue),
      pointer: prefix + pointerOf(issue.path, prefix),
      detail: issue.message,
    })),
  );
  return undefined;
}

/** RFC 6901 below a body; a plain name below path, query and header. */
function pointerOf(path: readonly PropertyKey[], prefix: string): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return prefix === '' ? steps.map((step) => `/${step}`).join('') : steps.join('/');
}

function versionIn(header: string | undefined, faults: Found[]): number | undefined {
  if (header === undefined) return undefined;
  const version = /^(?:W\/)?"?(\d{1,10})"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    faults.push({ ...MALFORMED, pointer: 'header/If-Match', detail: 'If-Match must hold one version, such as "3".' });
  return Number(version);
}

/** The key, and the hash that binds it to this very request: route, path, query and body, however its fields are ordered. */
function keyOf(endpoint: Endpoint, request: ServiceRequest): { key: string; hash: string } {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '')
    throw new Refusal(
      'idempotency_key_missing',
      'Send an Idempotency-Key: any text of your own, the same when you repeat the request.',
    );
  if (key.length > 255 || !PRINTABLE.test(key)) {
    throw new Refusal('malformed_request', 'The Idempotency-Key must be at most 255 printable characters.', {
      errors: [{ pointer: 'header/Idempotency-Key', detail: 'At most 255 printable characters.' }],
    });
  }
  if (holdsCardNumber(key))
    throw new Refusal('card_number_refused', 'The Idempotency-Key looks like a card number.', {
      errors: [{ pointer: 'header/Idempotency-Key', detail: 'Looks like a card number.' }],
    });
  const { params, query, body } = request;
  const hash = createHash('sha256').update(canonicalJson([endpoint.id, params, query]));
  hash.update(body instanceof Uint8Array ? body : canonicalJson(body ?? null));
  return { key, hash: hash.digest('base64url') };
}

/** Enough to see what is wrong; a body may hold more faults than bytes. */
const MOST_FAULTS = 100;
const PRINTABLE = /^[\x20-\x7e]+$/;
