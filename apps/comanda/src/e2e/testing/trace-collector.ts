import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** A span, as it was sent. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** All of it, resource included, as the bytes came. */
  readonly text: string;
}

/** A collector of traces on a port of its own: what an operator would run, and `OTEL_EXPORTER_OTLP_ENDPOINT` would name. */
export class TraceCollector {
  readonly spans: SentSpan[] = [];
  /** Where anything was sent to. */
  readonly paths = new Set<string>();

  private constructor(private readonly server: Server) {}

  /** It stops after the tests of the file. */
  static async start(): Promise<TraceCollector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        collector.paths.add(request.url ?? '');
        if (request.url === '/v1/traces') collector.#take(Buffer.concat(chunks).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    const collector = new TraceCollector(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    collectors.push(collector);
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** OTLP over HTTP, as JSON. */
  #take(text: string): void {
    const { resourceSpans } = JSON.parse(text) as OtlpTraces;
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId || undefined,
          name: span.name,
          kind: KINDS[span.kind] ?? 'internal',
          attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
          links: span.links ?? [],
          text: JSON.stringify([resource, span]),
        });
  }
}

/** What an operator sets to see every trace. */
export const traced = ({ url }: TraceCollector): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import ${REGISTER}`,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

const REGISTER = fileURLToPath(new URL('../../../../../libs/platform/dist/src/telemetry/register.js', import.meta.url));

const KINDS = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'] as const;

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: unknown;
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

const collectors: TraceCollector[] = [];

afterAll(() => {
  for (const collector of collectors.splice(0)) collector.stop();
});
