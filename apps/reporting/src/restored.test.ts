import { topicOf } from '@comanda/contracts';
import { groupOf, toRecord } from '@comanda/events';
import { createLog, databaseUrls } from '@comanda/platform';
import { type Service, startService } from '@comanda/service';
import { type TestService, testService } from '@comanda/service/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { reporting } from './reporting.service.js';
import { visit } from './testing/evening.js';

test('a database that was restored alone, to an earlier moment, fills its gap from the log once it is set back', async () => {
  const it = await testService(reporting);
  await it.sql.end(); // who copies a database is alone in it
  await tellOf(it, 10);
  await it.caughtUp();
  await it.service.stop();
  const earlier = await copyOf(it);

  const second = await start(it, it.environment);
  await tellOf(it, 15);
  await it.caughtUp();
  await second.stop();
  const lost = await contentOf(databaseUrls('reporting', it.environment).owner);
  expect(lost).toMatchObject({ orders: 25 });

  const third = await start(it, earlier.environment);
  await it.caughtUp();
  // The log says that all of it has been dealt with: nothing comes by itself.
  expect(await contentOf(earlier.url)).toMatchObject({ orders: 10 });
  await third.stop();

  await it.eventLog.rewind(groupOf('reporting'));
  const fourth = await start(it, earlier.environment);
  await expect.poll(() => contentOf(earlier.url), { timeout: 10_000 }).toEqual(lost);
  await fourth.stop();
});

const start = (it: TestService, environment: NodeJS.ProcessEnv): Promise<Service> =>
  startService(reporting, { environment, eventLog: it.eventLog, log: createLog('reporting', 'silent') });

/** So many guests order and pay, which is told on the log. */
async function tellOf(it: TestService, guests: number): Promise<void> {
  const visits = Array.from({ length: guests }, (_, at) =>
    visit(it.id, {
      locationId: it.location.id,
      businessDate: '2026-03-06',
      occurredAt: `2026-03-06T${String(at % 24).padStart(2, '0')}:30:00.000Z`,
      lines: [{ item: at % 5, price: 1_000 + at }],
      tenders: [{ method: 'card', part: 1_000, tip: at, rounding: 0, refunds: [] }],
    }),
  );
  await it.eventLog.append(
    visits
      .flatMap(({ sales, money }) => [...sales, ...money])
      .map((event) =>
        toRecord(
          topicOf(event.source === '/comanda/orders' ? 'orders' : 'payments'),
          event,
          JSON.stringify(event.data),
        ),
      ),
  );
}

/** The database as it is now, under another name, and the settings with which a service finds it there. */
async function copyOf(it: TestService): Promise<{ url: string; environment: NodeJS.ProcessEnv }> {
  const { database, owner = '' } = databaseUrls('reporting', it.environment);
  const at = (name: string): string => Object.assign(new URL(owner), { pathname: name }).href;
  const name = `${database}_earlier`;
  const admin = new pg.Client({ connectionString: at('postgres') });
  await admin.connect();
  await admin.query(`create database "${name}" template "${database}"`);
  onTestFinished(async () => {
    await admin.query(`drop database "${name}" with (force)`);
    await admin.end();
  });
  const there = Object.entries(it.environment).map(([key, value = '']) =>
    key.endsWith('DATABASE_URL') ? [key, Object.assign(new URL(value), { pathname: name }).href] : [key, value],
  );
  return { url: at(name), environment: Object.fromEntries(there) as NodeJS.ProcessEnv };
}

/** How much was sold and paid, and which events have had their effect. */
async function contentOf(url = ''): Promise<object> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<object>(`
    select (select count(*)::int from sold_orders) as orders, (select sum(total)::text from sold_orders) as total,
      (select sum(collected)::text from ledger_entries) as collected, (select count(*)::int from tenders) as tenders,
      (select md5(string_agg(event_id::text, ',' order by event_id)) from inbox) as events`);
  await client.end();
  return rows[0] ?? {};
}
