import { Writable } from 'node:stream';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Logger } from 'pino';
import { QueryFailedError } from 'typeorm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog, nestLog } from './log.js';

/** A log, and its lines as they were written. */
function written(service: string | null = 'orders', level = 'info'): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const paper = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString());
      done();
    },
  });
  return { log: createLog(service, level, paper), lines };
}

const entry = (line: string | undefined) => JSON.parse(line ?? '') as Record<string, unknown>;

describe('an entry', () => {
  test('is a line of JSON with its time, its level in a word and its service', () => {
    const { log, lines } = written();
    log.warn({ table: '12' }, 'nobody answers the bell');
    expect(lines).toHaveLength(1);
    expect(entry(lines[0])).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'orders',
      table: '12',
      msg: 'nobody answers the bell',
    });
  });

  test('names its service once, also where services share a log', () => {
    const { log, lines } = written(null);
    log.child({ service: 'payments' }).info('open');
    expect(lines[0]?.match(/"service":"payments"/g)).toHaveLength(1);
  });

  test('carries the trace that is going on, and none where there is none', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    onTestFinished(() => context.disable());
    const { log, lines } = written();
    const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    const request = trace.wrapSpanContext({ ...ids, traceFlags: TraceFlags.SAMPLED });
    context.with(trace.setSpan(context.active(), request), () => log.info('inside'));
    log.info('outside');
    expect(entry(lines[0])).toMatchObject({ trace_id: ids.traceId, span_id: ids.spanId });
    expect(entry(lines[1])).not.toHaveProperty('trace_id');
  });

  test('below the level is not written', () => {
    const { log, lines } = written('orders', 'warn');
    log.info('a waiter walked by');
    expect(lines).toEqual([]);
  });
});

describe('a log keeps to itself', () => {
  test.each([
    ['a credential', { authorization: 'Bearer hidden' }],
    ['headers', { headers: { authorization: 'Bearer hidden', cookie: 'hidden' } }],
    ['the headers of a request', { req: { headers: { authorization: 'Bearer hidden' } } }],
    ['a key one level down', { issued: { apiKey: 'hidden' } }],
    ['a password', { password: 'hidden' }],
    ['a token', { provider: { token: 'hidden', secret: 'hidden' } }],
  ])('%s', (_, fields) => {
    const { log, lines } = written();
    log.error(fields, 'what went wrong');
    expect(lines[0]).toContain('[redacted]');
    expect(lines[0]).not.toContain('hidden');
  });

  test('what a statement was given, when the statement fails', () => {
    const { log, lines } = written();
    const failure = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (phone)=(+39333)' });
    log.error({ err: new QueryFailedError('insert into customers', ['Ada', '+39333'], failure) }, 'failed');
    expect(entry(lines[0])['err']).toMatchObject({ name: 'QueryFailedError', message: 'duplicate key', code: '23505' });
    expect(lines[0]).not.toMatch(/Ada|39333/);
  });

  test('nothing that helps: an error has its stack, and its cause', () => {
    const { log, lines } = written();
    log.error({ err: new Error('no menu', { cause: new TypeError('fetch failed') }) }, 'failed');
    expect(entry(lines[0])['err']).toMatchObject({
      name: 'Error',
      message: 'no menu',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'TypeError', message: 'fetch failed' },
    });
  });
});

test('what the framework says of its start is for those who look for it; what it warns of is for everybody', () => {
  const { log, lines } = written();
  const nest = nestLog(log);
  nest.log('Mapped {/v1/orders, POST} route');
  nest.warn('deprecated');
  nest.error(new Error('no provider'));
  expect(lines.map((line) => entry(line)['level'])).toEqual(['warn', 'error']);
  expect(entry(lines[1])['err']).toMatchObject({ message: 'no provider' });
});
