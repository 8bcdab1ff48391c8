import type { Envelope } from '@comanda/contracts';
import { StockMoved, topicOf } from '@comanda/contracts';
import { toRecord } from '@comanda/events';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { DataSource } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { rebuild } from './rebuild.js';
import { reporting } from './reporting.service.js';
import {
  CHARGES,
  DISCOUNTS,
  PAYMENTS,
  RECONCILIATION,
  SALES,
  STOCK,
  SYNC_HEALTH,
  TABLE_TURN,
  TAXES,
  VOIDS,
} from './figures/reports.js';
import { eventOf, TAXES as THREE_TAXES, visit } from './testing/evening.js';
import { reportOf } from './testing/reports.js';

let it: TestService;

beforeAll(async () => {
  it = await testService(reporting);
  const visits = Array.from({ length: 30 }, (_, at) =>
    visit(it.id, {
      locationId: it.location.id,
      businessDate: `2026-03-0${(at % 7) + 1}`,
      occurredAt: `2026-03-07T${String(at % 24).padStart(2, '0')}:30:00.000Z`,
      lines: [
        { item: at % 5, price: 1_000 + at, taxes: [...THREE_TAXES] },
        { item: 6, price: 500, voided: at % 3 === 0 },
      ],
      discounts: [{ id: 'Staff', kind: 'percent', rate: 100_000 }],
      charge: 100_000,
      table: String(at % 4),
      tenders: [{ method: at % 2 ? 'cash' : 'card', part: 1_000, tip: at, rounding: 0, refunds: at % 4 ? [] : [250] }],
    }),
  );
  const stock = visits.map(({ order }) =>
    eventOf(
      it.id,
      StockMoved,
      {
        causeId: order.id,
        kind: 'sale',
        locationId: it.location.id,
        movements: [
          {
            id: newId(),
            stockItemId: newId(),
            quantity: -180,
            unit: 'g',
            orderId: order.id,
            lineId: order.checks[0]?.lines[0]?.id ?? null,
            recipeId: null,
            recipeVersion: null,
            reason: null,
            businessDate: order.businessDate,
            occurredAt: order.occurredAt,
          },
        ],
      },
      1,
    ),
  );
  const events: Envelope[] = [...visits.flatMap(({ sales, money }) => [...sales, ...money]), ...stock];
  await it.eventLog.append(
    events.map((event) => toRecord(topicOf(serviceOf(event)), event, JSON.stringify(event.data))),
  );
  await it.caughtUp();
});

const serviceOf = ({ source }: Envelope) => source.slice('/comanda/'.length) as Parameters<typeof topicOf>[0];

const everything = () =>
  Promise.all(
    [SALES, TAXES, DISCOUNTS, CHARGES, VOIDS, PAYMENTS, RECONCILIATION, STOCK, TABLE_TURN, SYNC_HEALTH].flatMap(
      ({ name, dimensions }) =>
        Object.keys(dimensions).map((dimension) => reportOf(it, `${name}?groupBy=${dimension}`)),
    ),
  );
const run = () => rebuild(it.service.app.get(DataSource), it.eventLog);

describe('a rebuild from the start of the topics', () => {
  test('gives the same numbers', async () => {
    const before = await everything();
    expect(before.every(({ rows }) => rows.length > 0)).toBe(true);
    const rebuilt = await run();
    expect(rebuilt).toMatchObject({ unreadable: 0, removed: 0 });
    expect(rebuilt.events).toBeGreaterThan(130);
    expect(await everything()).toEqual(before);
  });

  test.each([
    ['an amount that is wrong', 'update sale_parts set gross = gross + 1, net = net + 1, total = total + 1'],
    ['a part that is gone', 'delete from sale_parts where position = 0'],
    ['an order that is gone', 'delete from sold_orders where business_date = $$2026-03-02$$'],
    ['an order of which a version is told that never was', 'update sold_orders set version = 99, total = 0'],
    ['a transaction that is wrong', 'update ledger_entries set collected = collected + 1'],
    ['a tender that is gone', 'delete from tenders'],
    ['a movement that is wrong', 'update stock_movements set quantity = 0'],
    [
      'an order that nobody placed',
      `insert into sold_orders select organization_id, gen_random_uuid(), version, digest, resold, location_id, business_date,
         occurred_at, channel, service_type, placed_by, currency, total from sold_orders limit 1`,
    ],
  ])('mends %s', async (_, damage) => {
    const before = await everything();
    await it.sql.query(damage);
    expect(await everything()).not.toEqual(before);
    await run();
    expect(await everything()).toEqual(before);
  });

  test('leaves out what cannot be read, and says how much that was', async () => {
    const before = await everything();
    const record = toRecord(topicOf('inventory'), eventOf(it.id, StockMoved, StockMoved.example as never, 1), '{}');
    await it.eventLog.append([record]);
    expect(await run()).toMatchObject({ unreadable: 1 });
    expect(await everything()).toEqual(before);
  });
});
