import { type Problem, type ProblemCode, PROBLEMS, problemType } from '@comanda/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { codeOf, isInfrastructure, isLockTimeout } from '../database/faults.js';
import { Refusal } from '../refusal.js';
import { LOGGER, METRICS } from '../tokens.js';
import type { Routes } from './routes.js';
import { ROUTES } from './routes.js';

/** Answers every failure with problem+json. What went wrong inside is logged, not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #refusals: Counter<'code'>;

  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(ROUTES) private readonly routes: Routes,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#refusals = new Counter({
      name: 'http_server_refusals_total',
      help: 'Requests answered with a problem, by its code.',
      labelNames: ['code'],
      registers: [metrics],
    });
  }

  catch(error: unknown, host: ArgumentsHost): void {
    // A consumer's failure is the transport's to judge: retry, or park.
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    const refusal = this.#refusalOf(error, request, reply);
    this.#refusals.inc({ code: refusal.code });
    // What may pass on its own is no defect, and there is a lot of it while a database is away.
    if (refusal.status >= 500)
      this.log[refusal.status === 500 ? 'error' : 'warn']({ err: error, code: refusal.code }, 'request failed');
    // The answer is under way (a stream, a download): all that can still be told is that it is not whole.
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, refusal);
  }

  #refusalOf(error: unknown, request: FastifyRequest, reply: FastifyReply): Refusal {
    if (error instanceof Refusal) return error;
    if (!request.raw.complete && request.raw.destroyed)
      return new Refusal('malformed_request', 'The request ended before it was whole.');
    const status = statusOfFramework(error);
    // Whatever else is wrong with a request that no route takes: that comes first.
    if (!request.is404 && status !== 404) return refusalOfFault(error, status);
    const allow = this.routes.methodsOf(request.url);
    if (allow.length === 0) return new Refusal('not_found', 'There is nothing at this path.');
    reply.header('allow', allow.join(', '));
    return new Refusal('method_not_allowed', `This path takes ${allow.join(', ')}.`);
  }
}

/** The status of an error of Nest or Fastify. Others may carry one too: a provider's 404 is not ours. */
function statusOfFramework(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  return error instanceof SyntaxError || code?.startsWith?.('FST_') ? statusCode : undefined;
}

/** Writes a refusal as problem+json (RFC 9457). */
export function sendProblem(reply: FastifyReply, refusal: Refusal): void {
  if (refusal.retryAfter !== undefined) reply.header('retry-after', refusal.retryAfter);
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer');
  reply
    .status(refusal.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problemOf(refusal)));
}

/** The body of a refusal. */
export function problemOf({ code, message, status, facts }: Refusal): Problem {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return {
    ...facts,
    type: problemType(code),
    title: PROBLEMS[code].title,
    status,
    code,
    detail: message,
    ...(traceId && { traceId }),
  } as Problem;
}

/** What an error that is no refusal of ours means to the caller. */
export function refusalOfFault(error: unknown, status: number | undefined): Refusal {
  if (isLockTimeout(error))
    return new Refusal('unavailable', 'Somebody else is changing the same thing.', {}, { retryAfter: 1 });
  if (status === 503 || isInfrastructure(error))
    return new Refusal('unavailable', 'The service cannot answer now.', {}, { retryAfter: 2 });
  const code = BY_STATUS[status ?? 0] ?? BY_SQLSTATE[codeOf(error) ?? ''];
  if (code) return new Refusal(code, PROBLEMS[code].title);
  return new Refusal('internal_error', 'Something went wrong on our side.');
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed_request',
  403: 'scope_missing',
  413: 'body_too_large',
  414: 'malformed_request',
  415: 'media_type_unsupported',
  431: 'malformed_request',
};

/** What fits the schema and still not the database: a moment outside its calendar, a sum outside its range, a NUL in a text. */
const BY_SQLSTATE: Readonly<Record<string, ProblemCode>> = {
  22003: 'amount_too_large',
  22007: 'time_not_allowed',
  22008: 'time_not_allowed',
  22021: 'malformed_request',
  '22P05': 'malformed_request',
};
