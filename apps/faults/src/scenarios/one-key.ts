import { randomUUID } from 'node:crypto';
import { expectThat } from '../broken.js';
import type { Scenario, Stage } from '../run/scenario.js';

/** A client that loses its nerve is served once. */
export const oneKey: Scenario = {
  id: 'F21',
  title: 'a hundred requests at once under one key, and the same key with another body',
  async play({ world, traffic }) {
    let [made, replayed, sentAway] = [0, 0, 0];
    const locationId = world.demo.locations[0]?.id ?? '';
    const { data: menu } = await traffic.api.GET('/v1/catalog/locations/{locationId}/menu', { path: { locationId } });
    const variationId = menu.items[0]?.variations[0]?.id ?? '';
    for (let round = 0; round < ROUNDS; round++) {
      const key = randomUUID();
      const order = (quantity: number) =>
        post(world, '/v1/orders', key, { locationId, lines: [{ variationId, quantity }] });
      const orders = await Promise.all(Array.from({ length: 100 }, () => order(1)));
      const first = expectOne('orders', orders);
      const bill = (first['checks'] as { bill: object }[])[0]?.bill;
      const payKey = randomUUID();
      const pay = (amount?: object) =>
        post(world, '/v1/payments', payKey, { bill, method: 'card', source: 'tok_visa', ...amount });
      const payments = await Promise.all(Array.from({ length: 100 }, () => pay()));
      expectOne('payments', payments);
      for (const { status, again } of [...orders, ...payments]) {
        if (COME_BACK.includes(status)) sentAway += 1;
        else if (again) replayed += 1;
        else made += 1;
      }
      const others = [await order(2), await pay({ amount: { amount: 1, currency: 'USD' } })];
      expectThat(
        others.every(({ status }) => status === 422),
        `Another body under the same key was answered ${others.map(({ status }) => status).join(' and ')}, not 422.`,
      );
    }
    expectThat(made === 2 * ROUNDS, `${2 * ROUNDS} keys were answered anew ${made} times.`);
    return { faults: 4 * ROUNDS, figures: { made, replayed, 'sent away': sentAway } };
  },
};

const ROUNDS = 10;
/** Somebody is at it, or too many are: the same key may be tried again. */
const COME_BACK = [409, 503];

interface Answered {
  readonly status: number;
  readonly again: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(world: Stage['world'], path: string, key: string, body: object): Promise<Answered> {
  const service = path === '/v1/orders' ? 'orders' : 'payments';
  const answer = await fetch(`${world.urlOf(service)}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.demo.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return {
    status: answer.status,
    again: answer.headers.get('idempotency-replayed') === 'true',
    body: (await answer.json()) as Record<string, unknown>,
  };
}

function expectOne(what: string, answers: readonly Answered[]): Answered['body'] {
  const strange = answers.find(({ status }) => status !== 201 && !COME_BACK.includes(status));
  expectThat(
    !strange,
    `One of a hundred ${what} under one key was answered ${strange?.status}: ${JSON.stringify(strange?.body)}`,
  );
  const made = answers.filter(({ status }) => status === 201);
  const ids = new Set(made.map(({ body }) => body['id']));
  expectThat(ids.size === 1, `A hundred ${what} under one key became ${ids.size}.`);
  return made[0]?.body ?? {};
}
