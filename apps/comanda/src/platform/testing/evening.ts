import type { Order } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { PostgresLog } from '@comanda/events';
import type { Sources } from '@comanda/invariants';
import { createLog, databaseUrls } from '@comanda/platform';
import { testPostgres } from '@comanda/testing';
import { afterAll } from 'vitest';
import type { Demo } from '../home.js';
import { openSources } from '../sources.js';
import { demoPlatform } from './demo-platform.js';
import { everybodyHasFollowed } from './everybody-has-followed.js';

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
  const api = new PooledComanda({ baseUrl, apiKey });
  const [downtown = '', lakeside = '', rome = ''] = locations.map(({ id }) => id);
  const order = async (locationId: string, quantity: number, customerId?: string): Promise<Order> => {
    const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
    const variations = menu.items.flatMap((item) => item.variations);
    const variationId = variations.find(({ sku }) => sku === 'hawaiian:M')?.id ?? '';
    const lines = [{ variationId, quantity }];
    return (await api.POST('/v1/orders', { body: { locationId, ...(customerId && { customerId }), lines } })).data;
  };
  const { data: regular } = await api.POST('/v1/loyalty/customers', { body: { name: 'Ada' } });
  const byCard = await order(downtown, 2, regular.id);
  const { data: card } = await api.POST('/v1/payments', {
    body: { bill: billOf(byCard), method: 'card', source: 'tok_visa', tip: { amount: 300, currency: 'USD' } },
  });
  await api.POST('/v1/payments/{paymentId}/refunds', {
    path: { paymentId: card.id },
    body: { amount: { amount: 1325, currency: 'USD' }, reason: 'Cold' },
  });
  const inCash = await order(rome, 1);
  await api.POST('/v1/payments', { body: { bill: billOf(inCash), method: 'cash' } });
  await order(lakeside, 1);
  const { data: giftCard } = await api.POST('/v1/payments/guest-accounts', {
    body: { kind: 'gift_card', currency: 'USD' },
  });
  const load = { locationId: downtown, amount: { amount: 2000, currency: 'USD' } };
  const path = { accountId: giftCard.id };
  const { data: bill } = await api.POST('/v1/payments/guest-accounts/{accountId}/bills', { path, body: load });
  await api.POST('/v1/payments', { body: { bill, method: 'cash' } });
  await api.close();
}

/** What an order that was not split has to pay. */
function billOf({ checks: [check] }: Order): Order['checks'][number]['bill'] {
  if (!check) throw new Error('There is no check.');
  return check.bill;
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
