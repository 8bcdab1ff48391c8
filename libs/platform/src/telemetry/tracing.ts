import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Attributes, type Span, trace } from '@opentelemetry/api';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import type { FastifyInstance } from 'fastify';

let sdk: NodeSDK | undefined;

/**
 * Sends traces to the OTLP collector that the environment names, as its `OTEL_…` settings say; HTTP and SQL are instrumented,
 * the rest is done by hand.
 */
export async function startTracing(): Promise<void> {
  // Loaded by who traces: for everybody else it would be a tenth of a second and more of each start.
  const [{ NodeSDK }, { OTLPTraceExporter }, { HttpInstrumentation }, { PgInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-pg'),
  ]);
  sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] || 'comanda',
    traceExporter: new OTLPTraceExporter(),
    // Left out they would be sent, too: metrics are scraped from /metrics, logs are read from where they are written.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: isProbe, startIncomingSpanHook: withoutQuery }),
      // Without a parent there is no order to follow: the relay's and the sweepers' polls make no traces.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
}

/** Sends what has not been sent yet; a collector that does not answer is waited for only a moment. */
export async function stopTracing(): Promise<void> {
  const enough = new AbortController();
  const flushed = sdk?.shutdown().catch(() => undefined);
  await Promise.race([flushed, pause(PATIENCE, undefined, { signal: enough.signal })]);
  enough.abort();
}

const PATIENCE = 3_000;

/** Names the request's span after its route, so that a thousand orders are one row in a list. */
export function nameSpans(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    nameSpan(request.method, request.routeOptions.url);
    done();
  });
}

/** Names the span going on after a route; does nothing where nobody traces, or nobody takes that path. */
export function nameSpan(method: string, route: string | undefined): void {
  const span: Span | undefined = trace.getActiveSpan();
  if (span && route) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
}

const isProbe = (request: IncomingMessage): boolean => /^\/(health\/|metrics)/.test(request.url ?? '');

/** Guests are looked up by phone or e-mail: what is asked for stands in no trace. */
const withoutQuery = (): Attributes => ({ 'url.query': undefined });
