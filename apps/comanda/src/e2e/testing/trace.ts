import { expect } from 'vitest';
import type { SentSpan, TraceCollector } from './trace-collector.js';

/** A trace, as far as a collector has it. */
export class Trace {
  constructor(
    private readonly collector: TraceCollector,
    readonly id: string,
  ) {}

  /** The trace of the newest request of a route. */
  static newest(collector: TraceCollector, route: string): Trace {
    const span = collector.spans.findLast(({ name, kind }) => kind === 'server' && name === route);
    if (!span) throw new Error(`Nobody has sent a trace of ${route}.`);
    return new Trace(collector, span.traceId);
  }

  get spans(): SentSpan[] {
    return this.collector.spans.filter(({ traceId }) => traceId === this.id);
  }

  /** The only span of this name, and of this consumer group if one is given. */
  only(name: string, group?: string): SentSpan {
    const found = this.spans.filter(
      (span) => span.name === name && (!group || span.attributes['messaging.consumer.group.name'] === group),
    );
    expect(found, `${name} ${group ?? ''}`).toHaveLength(1);
    return found[0] as SentSpan;
  }

  /**
   * The statements of a span, or of the group that it was done in: the database that they went to, and their text. Of events
   * that a handler got at once, all is in the span of the first where they are of one trace, and else in that of the slice.
   */
  sqlOf({ spanId, links: [receiving] }: SentSpan): string[] {
    const { spans } = this.collector;
    const together = spans.filter(({ traceId, links }) =>
      links.some((link) => link.spanId === spanId || (link.spanId === receiving?.spanId && traceId === this.id)),
    );
    const parents = new Set([spanId, receiving?.spanId, ...together.map((other) => other.spanId)]);
    return spans
      .filter(({ name, parentSpanId }) => name.startsWith('pg.query:') && parents.has(parentSpanId))
      .map(({ attributes }) => `${String(attributes['db.namespace'])} ${String(attributes['db.query.text'])}`);
  }

  /** Finds in the SQL of a span what a service does to one of its tables. */
  expectSql(span: SentSpan, service: string, does: string): void {
    expect(this.sqlOf(span)).toContainEqual(expect.stringMatching(new RegExp(`^\\w*_${service} [^]*\\b${does}\\b`)));
  }

  /** The spans in which services handle events, each with what it does to its database meanwhile. */
  expectEffects(effects: readonly Effect[]): SentSpan[] {
    return effects.map(({ of, on, does }) => {
      const span = this.only(`process ${of}`, `comanda.${on}`);
      expect(span.kind).toBe('consumer');
      this.expectSql(span, on, does);
      return span;
    });
  }

  /** Finds every span that is named as a parent, but for the client's own. */
  expectWhole(client?: string): void {
    const known = new Set([client, ...this.spans.map(({ spanId }) => spanId)]);
    expect(this.spans.filter(({ parentSpanId }) => parentSpanId && !known.has(parentSpanId))).toEqual([]);
  }
}

/** What a service does about an event. */
export interface Effect {
  readonly of: string;
  readonly on: string;
  readonly does: string;
}

/** What every service that hears of an order does about it. */
export const PLACED: readonly Effect[] = [
  { of: 'comanda.order.placed.v1', on: 'payments', does: 'insert into "?bills' },
  { of: 'comanda.order.placed.v1', on: 'inventory', does: 'insert into "?movements' },
  { of: 'comanda.order.placed.v1', on: 'loyalty', does: 'insert into "?customer_orders' },
  { of: 'comanda.order.placed.v1', on: 'reporting', does: 'insert into sold_orders' },
  { of: 'comanda.order.placed.v1', on: 'integrations', does: 'from webhook_endpoints' },
  { of: 'comanda.stock.moved.v1', on: 'reporting', does: 'insert into stock_movements' },
];

/** And what they do when it is paid. */
export const PAID: readonly Effect[] = [
  { of: 'comanda.payment.captured.v1', on: 'orders', does: 'update orders' },
  { of: 'comanda.order.paid.v1', on: 'loyalty', does: 'insert into points_facts' },
  { of: 'comanda.payment.captured.v1', on: 'reporting', does: 'insert into tenders' },
  { of: 'comanda.ledger.posted.v1', on: 'reporting', does: 'insert into ledger_entries' },
  { of: 'comanda.order.paid.v1', on: 'integrations', does: 'from webhook_endpoints' },
];
