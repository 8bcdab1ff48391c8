import { ApiProblem, type Menu } from '@comanda/client';
import { PooledComanda } from '@comanda/client/node';
import { Channel } from '@comanda/contracts';
import { eventually } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoPlatform } from './testing/demo-platform.js';

let api: PooledComanda;
/** A location of the demo chain, and an item with a variation that it sells. */
let locationId: string;
let item: Menu['items'][number];
let variationId: string;

beforeAll(async () => {
  const { demo } = await demoPlatform();
  api = new PooledComanda(demo);
  locationId = demo.locations[0]?.id ?? '';
  const { data: menu } = await api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
  item = menu.items[0] as Menu['items'][number];
  variationId = item.variations[0]?.id ?? '';
  return () => api.close();
}, 120_000);

/** Orders one over a channel: `sold`, or the code it is refused with. */
async function order(channel: (typeof Channel.options)[number]): Promise<string> {
  try {
    await api.POST('/v1/orders', { body: { locationId, channel, lines: [{ variationId }] } });
    return 'sold';
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
}

const onEveryChannel = () => Promise.all(Channel.options.map(order));
const everywhere = (outcome: string): string[] => Channel.options.map(() => outcome);
const offSale = (body: { available: boolean; until?: string }) =>
  api.PUT('/v1/catalog/locations/{locationId}/availability/{itemId}', {
    path: { locationId, itemId: item.id },
    body,
  });

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
  const path = { id: item.id };
  const { data: draft } = await api.GET('/v1/catalog/items/{id}', { path });
  const unitPrice = async () => {
    const { data } = await api.POST('/v1/orders/quote', { body: { locationId, lines: [{ variationId }] } });
    return data.lines[0]?.unitPrice.amount;
  };
  const before = await unitPrice();
  const variations = draft.variations.map((each) => ({ ...each, prices: { ...each.prices, USD: 99_00 } }));
  await api.PATCH('/v1/catalog/items/{id}', { path, body: { variations }, ifMatch: draft.version });
  expect(await unitPrice()).toBe(before);
  await api.POST('/v1/catalog/publish');
  await eventually(async () => expect(await unitPrice()).toBe(99_00), { within: 5_000 });
});
