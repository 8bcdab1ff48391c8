import type { IncomingMessage } from 'node:http';
import { type Span, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';

let sdk: NodeSDK | undefined;

/** Sends traces to the OTLP collector that the environment names; HTTP and SQL are instrumented, the rest is done by hand. */
export function startTracing(): void {
  sdk = new NodeSDK({
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: isProbe }),
      // Without a parent there is no order to follow: the relay's and the sweepers' polls make no traces.
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
}

/** Flushes what has not been sent yet. */
export async function stopTracing(): Promise<void> {
  await sdk?.shutdown().catch(() => undefined);
}

/** Names the request's span after its route, so that a thousand orders are one row in a list. */
export function nameSpans(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const span: Span | undefined = trace.getActiveSpan();
    const route = request.routeOptions.url;
    if (span && route) span.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
    done();
  });
}

const isProbe = (request: IncomingMessage): boolean => /^\/(health\/|metrics)/.test(request.url ?? '');
