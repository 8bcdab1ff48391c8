import type { Bill, Customer, GuestAccount, Menu, Order, Payment } from '@comanda/contracts';
import { PostgresLog } from '@comanda/events';
import { caughtUp, isEmpty, type Sources } from '@comanda/invariants';
import { createLog, databaseUrls, newId } from '@comanda/platform';
import { openEventLog } from '@comanda/service';
import { testPostgres } from '@comanda/testing';
import { afterAll } from 'vitest';
import { ApiClient } from '../../cli/api-client.js';
import type { Demo } from '../home.js';
import { openSources } from '../sources.js';
import { demoPlatform } from './demo-platform.js';

/** The data of a chain after an evening: the platform has stopped, and nothing moves any more. */
export interface Evening {
  /** Where its databases are. */
  readonly environment: NodeJS.ProcessEnv;
  /** What an audit reads, as the auditor that `comanda audit` is. */
  readonly sources: Sources;
  /** Makes a copy of the event log, and returns the administrator's URL of it. */
  copyOfLog(): Promise<string>;
}

/**
 * An evening at the demo chain, through the API: a regular pays two pizzas by card with a tip and gets one refunded; a
 * table in Rome pays in cash, another at Lakeside has not paid yet. Somebody buys a gift card of 20.00. Each pizza is a Hawaiian of 13.25, at Lakeside with a tax
 * of 1.18 on top.
 */
export async function evening(): Promise<Evening> {
  const { environment, demo, stop } = await demoPlatform();
  await serve(demo);
  await everybodyHasFollowed(environment);
  await stop();
  const postgres = await testPostgres();
  // To the log itself nobody may be connected, or it could not be copied.
  const copyOfLog = async () => (await postgres.createDatabase('log', databaseUrls('log', environment).database)).url;
  return { environment, sources: openedSources(environment, await copyOfLog()), copyOfLog };
}

/** Serves the guests of an evening. */
export async function serve({ baseUrl, apiKey, locations }: Demo): Promise<void> {
  const api = new ApiClient(baseUrl, apiKey);
  const [downtown = '', lakeside = '', rome = ''] = locations.map(({ id }) => id);
  const post = async <T>(path: string, body: object): Promise<T> =>
    (await api.post<T>(path, { key: newId(), body })).body;
  const order = async (locationId: string, quantity: number, customerId?: string): Promise<Order> => {
    const { body: menu } = await api.get<Menu>(`/v1/catalog/locations/${locationId}/menu`);
    const variations = menu.items.flatMap((item) => item.variations);
    const variationId = variations.find(({ sku }) => sku === 'hawaiian:M')?.id;
    return post('/v1/orders', { locationId, ...(customerId && { customerId }), lines: [{ variationId, quantity }] });
  };
  const regular = await post<Customer>('/v1/loyalty/customers', { name: 'Ada' });
  const byCard = await order(downtown, 2, regular.id);
  const card = await post<Payment>('/v1/payments', {
    bill: byCard.checks[0]?.bill,
    method: 'card',
    source: 'tok_visa',
    tip: { amount: 300, currency: 'USD' },
  });
  await post(`/v1/payments/${card.id}/refunds`, { amount: { amount: 1325, currency: 'USD' }, reason: 'Cold' });
  const inCash = await order(rome, 1);
  await post('/v1/payments', { bill: inCash.checks[0]?.bill, method: 'cash' });
  await order(lakeside, 1);
  const giftCard = await post<GuestAccount>('/v1/payments/guest-accounts', { kind: 'gift_card', currency: 'USD' });
  const load = { locationId: downtown, amount: { amount: 2000, currency: 'USD' } };
  const bill = await post<Bill>(`/v1/payments/guest-accounts/${giftCard.id}/bills`, load);
  await post('/v1/payments', { bill, method: 'cash' });
  await api.close();
}

async function everybodyHasFollowed(environment: NodeJS.ProcessEnv): Promise<void> {
  const log = openEventLog(environment, { clientId: 'evening', log: createLog('evening', 'silent') });
  const sources = openSources(environment, log);
  const behind = await caughtUp(sources);
  await sources.close();
  await log.close();
  if (!isEmpty(behind)) throw new Error(`Somebody does not follow: ${JSON.stringify(behind)}`);
}

function openedSources(environment: NodeJS.ProcessEnv, logUrl: string): Sources {
  const log = new PostgresLog({ url: logUrl, logger: createLog('evening', 'silent') });
  const sources = openSources(environment, log);
  open.push(async () => {
    await sources.close();
    await log.close();
  });
  return sources;
}

const open: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of open.splice(0)) await close();
});
