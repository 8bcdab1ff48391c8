import { OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { expect, test } from 'vitest';
import { hooks, hooksOf, startService } from '../testing/hooks.js';
import { openReceiver } from '../testing/receiver.js';

async function start(waits: string) {
  const it = await startService({ WEBHOOK_RETRIES: waits });
  return { it, own: hooksOf(it) };
}

const eventTypes = [OrderPlaced.type];

test('K1: an endpoint to which nothing gets through is disabled, says so, and gets all of it when it is enabled', async () => {
  const { own } = await start('10ms,20ms,40ms');
  const receiver = await openReceiver(() => 503);
  const { id } = await own.make({ url: receiver.url, eventTypes });
  const orderId = newId();
  await own.place({ orderId });
  await own.place({ orderId, version: 2 });
  const disabled = await eventually(
    async () => {
      const endpoint = await own.read(id);
      return endpoint.status === 'disabled' ? endpoint : false;
    },
    { within: 10_000 },
  );
  expect(disabled).toMatchObject({ disabledReason: 'failing', failingSince: expect.any(String), version: 2 });
  const tries = receiver.received.length;
  expect(tries).toBeLessThanOrEqual(4);
  receiver.answer = () => 204;
  await own.change(id, 2, { status: 'enabled' }).expect(200);
  await eventually(() => receiver.received.length === tries + 2, { within: 5_000 });
  expect(receiver.received.slice(tries).map(({ payload }) => payload.aggregateVersion)).toEqual([1, 2]);
  expect(await own.read(id)).toMatchObject({ status: 'enabled', disabledReason: null });
});

test('K1: one event that is refused for good is given up when others get through, and what follows it goes on', async () => {
  const { it, own } = await start('300ms,300ms,300ms');
  const bad = newId();
  const receiver = await openReceiver(({ payload }) =>
    payload.subject === bad && payload.aggregateVersion === 1 ? 400 : 204,
  );
  const { id } = await own.make({ url: receiver.url, eventTypes });
  await own.place({ orderId: bad });
  await own.place({ orderId: bad, version: 2 });
  const [failed] = await eventually(
    async () => {
      // Others get through all the time.
      await own.place();
      if ((await own.read(id)).status === 'disabled') throw new Error('The endpoint works: it must stay enabled.');
      const rows = await own.deliveries(id, '?status=failed');
      expect(rows).toHaveLength(1);
      return rows;
    },
    { within: 10_000 },
  );
  expect(failed).toMatchObject({ subject: bad, aggregateVersion: 1, attemptCount: 4, nextAttemptAt: null });
  await eventually(
    () => receiver.received.some(({ payload }) => payload.subject === bad && payload.aggregateVersion === 2),
    { within: 5_000 },
  );
  receiver.answer = () => 204;
  const { body } = await it.call('get', `${hooks}/${id}/deliveries/${failed?.id}`).expect(200);
  expect(body.attempts).toHaveLength(4);
  expect(body.attempts[0]).toMatchObject({ outcome: 'refused', status: 400 });
});
