import { Channel, type Item, type Menu, type Order, type Quote } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiClient, ApiProblem } from '../cli/api-client.js';
import { demoPlatform } from './testing/demo-platform.js';

let api: ApiClient;
/** A location of the demo chain, and an item with a variation that it sells. */
let locationId: string;
let item: Menu['items'][number];
let variationId: string;

beforeAll(async () => {
  const { demo } = await demoPlatform();
  api = new ApiClient(demo.baseUrl, demo.apiKey);
  locationId = demo.locations[0]?.id ?? '';
  const { body: menu } = await api.get<Menu>(`/v1/catalog/locations/${locationId}/menu`);
  item = menu.items[0] as Menu['items'][number];
  variationId = item.variations[0]?.id ?? '';
  return () => api.close();
}, 120_000);

/** Orders one over a channel: `sold`, or the code it is refused with. */
async function order(channel: (typeof Channel.options)[number]): Promise<string> {
  try {
    await api.post<Order>('/v1/orders', { key: newId(), body: { locationId, channel, lines: [{ variationId }] } });
    return 'sold';
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
}

const onEveryChannel = () => Promise.all(Channel.options.map(order));
const everywhere = (outcome: string): string[] => Channel.options.map(() => outcome);
const offSale = (body: object) => api.put(`/v1/catalog/locations/${locationId}/availability/${item.id}`, { body });

describe('86 (the server half: every channel that orders through the platform)', () => {
  test('an item that is taken off is not orderable on any channel within two seconds, and back when it is put back', async () => {
    expect(await onEveryChannel()).toEqual(everywhere('sold'));
    await offSale({ available: false });
    await eventually(async () => expect(await onEveryChannel()).toEqual(everywhere('item_unavailable')), {
      within: 2_000,
    });
    await offSale({ available: true });
    await eventually(async () => expect(await onEveryChannel()).toEqual(everywhere('sold')), { within: 2_000 });
  });

  test('one that is off until a time comes back by itself at that time', async () => {
    const until = Date.now() + 3_000;
    await offSale({ available: false, until: new Date(until).toISOString() });
    await eventually(async () => expect(await order('pos')).toBe('item_unavailable'), { within: 2_000 });
    await eventually(async () => expect(await order('pos')).toBe('sold'), { within: 6_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(until);
  });
});

test('an unpublished edit changes no price anywhere; publishing it changes all of them', async () => {
  const { body: draft } = await api.get<Item>(`/v1/catalog/items/${item.id}`);
  const unitPrice = async () => {
    const { body } = await api.post<Quote>('/v1/orders/quote', {
      body: { locationId, lines: [{ variationId }] },
    });
    return body.lines[0]?.unitPrice.amount;
  };
  const before = await unitPrice();
  const variations = draft.variations.map((each) => ({ ...each, prices: { ...each.prices, USD: 99_00 } }));
  await api.patch(`/v1/catalog/items/${item.id}`, { body: { version: draft.version, variations } });
  expect(await unitPrice()).toBe(before);
  await api.post('/v1/catalog/publish', { key: newId() });
  await eventually(async () => expect(await unitPrice()).toBe(99_00), { within: 5_000 });
});
