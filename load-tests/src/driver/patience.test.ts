import { describe, expect, test } from 'vitest';
import { serving } from '../testing/server.js';
import { askPatiently } from './patience.js';
import { Sender } from './sender.js';

const ORDER = { path: '/v1/orders', key: 'mine', body: { id: 'o1' } };

describe('whoever is told to come back', () => {
  const asked = async (patience: number, ...statuses: number[]) => {
    await using server = await serving((turn) => ({
      status: statuses[Math.min(turn, statuses.length - 1)] ?? 500,
      headers: { 'retry-after': '0' },
    }));
    const sender = new Sender(server.url, { connections: 1 });
    const { status, turnedAway } = await askPatiently(sender, ORDER, patience);
    await sender.close();
    return { status, turnedAway, keys: server.heard.map(({ key }) => key) };
  };

  test.each([429, 503, 409])('after %d asks again under the same key', async (busy) => {
    expect(await asked(60, busy, 201)).toEqual({ status: 201, turnedAway: 1, keys: ['mine', 'mine'] });
  });

  test('takes no for an answer', async () => {
    expect(await asked(60, 422, 201)).toEqual({ status: 422, turnedAway: 0, keys: ['mine'] });
  });

  test('comes once where they have no patience', async () => {
    expect(await asked(0, 503, 201)).toMatchObject({ status: 503, keys: ['mine'] });
  });
});

test('where nothing answers, that is the answer', async () => {
  const sender = new Sender('http://127.0.0.1:1', { connections: 1 });
  expect(await askPatiently(sender, ORDER, 0)).toMatchObject({
    status: 0,
    turnedAway: 1,
    body: expect.stringContaining('ECONNREFUSED'),
  });
  await sender.close();
});
