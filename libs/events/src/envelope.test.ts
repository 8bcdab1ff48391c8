import { defineEvent, type Envelope } from '@comanda/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromRecord, readOnce, toRecord, UnreadableEvent } from './envelope.js';
import type { LogRecord } from './log/event-log.js';

const CheckOpened = defineEvent('comanda.check.opened.v1', {
  service: 'orders',
  summary: 'A check was opened.',
  subject: 'checkId',
  data: z.object({ checkId: z.string(), covers: z.int(), note: z.string().nullable() }),
  example: { checkId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', covers: 2, note: null },
});

const instants = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

const events: fc.Arbitrary<Envelope<typeof CheckOpened>> = fc.record({
  id: fc.uuid(),
  type: fc.constant('comanda.check.opened.v1' as const),
  source: fc.constant('/comanda/orders'),
  subject: fc.string({ minLength: 1, unit: 'binary' }),
  time: instants,
  recordedAt: instants,
  organizationId: fc.uuid(),
  aggregateVersion: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  traceparent: fc.option(
    fc.tuple(hex(32), hex(16), hex(2)).map(([trace, span, flags]) => `00-${trace}-${span}-${flags}`),
  ),
  data: fc.record({ checkId: fc.uuid(), covers: fc.integer(), note: fc.option(fc.string({ unit: 'binary' })) }),
});

const record = (event: Envelope<typeof CheckOpened>): LogRecord =>
  toRecord('comanda.orders.v1', event, JSON.stringify(event.data));

describe('an event as a record', () => {
  test('is read once for all who are handed the same record', () => {
    const [event] = fc.sample(events, 1);
    const handed = record(event as Envelope<typeof CheckOpened>);
    expect(readOnce(handed, CheckOpened)).toBe(readOnce(handed, CheckOpened));
    expect(readOnce({ ...handed }, CheckOpened)).toEqual(readOnce(handed, CheckOpened));
    expect(() => readOnce({ ...handed, value: Buffer.from('{}') }, CheckOpened)).toThrow(UnreadableEvent);
  });

  test('comes back as it went in', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(fromRecord(record(event), CheckOpened)).toEqual(event);
      }),
    );
  });

  test('is a CloudEvent in binary mode: attributes in ce_ headers, data as JSON, the subject as key', () => {
    const event: Envelope<typeof CheckOpened> = {
      id: '0199a1b2-7c3d-7e4f-8a5b-000000000001',
      type: 'comanda.check.opened.v1',
      source: '/comanda/orders',
      subject: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      time: '2026-03-06T19:30:00.000Z',
      recordedAt: '2026-03-06T19:30:01.000Z',
      organizationId: '0199a1b2-7c3d-7e4f-8a5b-000000000002',
      aggregateVersion: 7,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      data: { checkId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', covers: 4, note: null },
    };
    expect(record(event)).toEqual({
      topic: 'comanda.orders.v1',
      key: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      value: Buffer.from('{"checkId":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","covers":4,"note":null}'),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: '0199a1b2-7c3d-7e4f-8a5b-000000000001',
        ce_type: 'comanda.check.opened.v1',
        ce_source: '/comanda/orders',
        ce_subject: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
        ce_time: '2026-03-06T19:30:00.000Z',
        ce_recordedat: '2026-03-06T19:30:01.000Z',
        ce_organizationid: '0199a1b2-7c3d-7e4f-8a5b-000000000002',
        ce_aggregateversion: '7',
        ce_traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      },
    });
  });
});

describe('a record that is no event', () => {
  const [good] = fc.sample(events.map(record), 1) as [LogRecord];
  const without = (header: string): LogRecord => ({
    ...good,
    headers: Object.fromEntries(Object.entries(good.headers).filter(([name]) => name !== header)),
  });

  test.each([
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_recordedat',
    'ce_organizationid',
    'ce_aggregateversion',
  ])('is refused without %s, by name', (header) => {
    expect(() => fromRecord(without(header), CheckOpened)).toThrow(header);
  });

  test.each([
    ['no value', null, 'data: there is none'],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), 'data: is no JSON'],
    ['text that is no JSON', Buffer.from('{'), 'data: is no JSON'],
    ['data of another shape', Buffer.from('{"checkId":1}'), 'data/checkId'],
  ])('is refused for %s', (_, value, message) => {
    expect(() => fromRecord({ ...good, value }, CheckOpened)).toThrow(UnreadableEvent);
    expect(() => fromRecord({ ...good, value }, CheckOpened)).toThrow(message);
  });

  test('is an event all the same when only its trace is malformed', () => {
    const headers = { ...good.headers, ce_traceparent: 'nonsense' };
    expect(fromRecord({ ...good, headers }, CheckOpened).traceparent).toBeNull();
  });
});
