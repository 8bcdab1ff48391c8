import { type SpanContext, trace, TraceFlags } from '@opentelemetry/api';
import { Histogram, type HistogramConfiguration, type Registry } from 'prom-client';

/** What an exemplar says: which trace to look at. */
export type ExemplarLabel = 'trace_id';

/** A histogram whose buckets can name a trace. */
export type TracedHistogram<Label extends string = never> = Histogram<Label | ExemplarLabel>;

/** Makes a histogram whose observations may bring an `exemplar()`; who scrapes with OpenMetrics sees them. */
export function tracedHistogram<Label extends string = never>(
  registry: Registry,
  description: Pick<HistogramConfiguration<Label>, 'name' | 'help' | 'labelNames' | 'buckets'>,
): TracedHistogram<Label> {
  const histogram = new Histogram<Label | ExemplarLabel>({ ...description, enableExemplars: true, registers: [] });
  // Afterwards: prom-client refuses it to a registry that is not written in OpenMetrics, and ours are written in either.
  registry.registerMetric(histogram);
  return histogram;
}

/** The trace going on, as an example of what a histogram counts; nothing where nobody traces, or this one is not kept. */
export function exemplar(
  span: SpanContext | undefined = trace.getActiveSpan()?.spanContext(),
): Partial<Record<ExemplarLabel, string>> {
  return span && span.traceFlags & TraceFlags.SAMPLED ? { trace_id: span.traceId } : NONE;
}

const NONE = {};
