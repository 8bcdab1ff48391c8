import type { LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * One JSON line an entry, with the trace it belongs to and without the secrets it might have held.
 * @param service null for a log whose children name theirs
 */
export function createLog(service: string | null, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: service === null ? {} : { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[redacted]' },
    mixin() {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
    },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

const SECRETS = ['authorization', 'password', 'secret', 'token', 'apiKey', 'cookie'].flatMap((field) => [
  field,
  `*.${field}`,
  `headers.${field}`,
  `req.headers.${field}`,
]);

/** A driver's error also carries the statement's parameters, which are guests' data: name, code, message and stack are enough. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return {
    name,
    message,
    code,
    stack,
    ...(cause instanceof Error && { cause: { name: cause.name, message: cause.message } }),
  };
}

/** Nest's own messages, in the same log; its start-up chatter at debug. */
export function nestLog(log: Logger): LoggerService {
  const at = (level: 'debug' | 'warn' | 'error' | 'fatal') => (message: unknown) =>
    log[level](message instanceof Error ? { err: message } : { message: String(message) }, 'nest');
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
