import { type Feedback, FeedbackReceived, OrderPlaced } from '@comanda/contracts';
import { newId } from '@comanda/platform';
import { type TestService, testService } from '@comanda/service/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loyalty } from '../loyalty.service.js';
import { guestsOf } from '../testing/guests.js';

const feedback = '/v1/loyalty/feedback';

let it: TestService;
let guests: ReturnType<typeof guestsOf>;

beforeAll(async () => {
  it = await testService(loyalty);
  guests = guestsOf(it);
});

const give = (body: object, options: object = {}) => it.call('post', feedback, options).send(body);
const byToken = (token: string, body: object = { score: 4 }) =>
  it.http
    .post(`${feedback}/by-token`)
    .set('idempotency-key', newId())
    .send({ token, ...body });
const invite = async (orderId: string): Promise<string> =>
  (await it.call('post', `${feedback}/invitations`).send({ orderId }).expect(200)).body.token;
const open = async (): Promise<Feedback[]> => (await it.call('get', `${feedback}?open=true`).expect(200)).body.data;

describe('feedback', () => {
  test('of a guest who is known is theirs, sealed, and told without their words', async () => {
    const { id: customerId } = await guests.makeCustomer();
    const order = guests.order(customerId, 12_00);
    await it.deliver(OrderPlaced, order);
    const { body } = await give({ orderId: order.id, score: 2, tags: ['cold_food'], text: 'The soup was cold' }).expect(
      201,
    );
    expect(body).toMatchObject({
      customerId,
      score: 2,
      tags: ['cold_food'],
      text: 'The soup was cold',
      low: true,
      handledAt: null,
    });
    const told = (await it.published(FeedbackReceived)).filter(({ subject }) => subject === body.id);
    expect(told).toMatchObject([
      { version: 1, data: { orderId: order.id, customerId, score: 2, tags: ['cold_food'], low: true } },
    ]);
    expect(JSON.stringify(told)).not.toContain('soup');
    const { rows } = await it.sql.query('select t::text as row from feedback t where id = $1', [body.id]);
    expect(rows[0].row).not.toContain(Buffer.from('soup').toString('hex'));
  });

  test('of nobody known is taken by the link on the receipt, without a credential, once', async () => {
    const orderId = newId();
    const token = await invite(orderId);
    const { body } = await byToken(token, { score: 5, text: 'Grazie' }).expect(201);
    const { body: page } = await it.call('get', `${feedback}?limit=200`).expect(200);
    expect(page.data.find(({ id }: Feedback) => id === body.id)).toMatchObject({
      orderId,
      customerId: null,
      text: 'Grazie',
      low: false,
    });
    expect((await byToken(token).expect(409)).body.code).toBe('feedback_given');
  });

  test('is given once for an order, however many come at once and whichever way', async () => {
    const orderId = newId();
    const token = await invite(orderId);
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => give({ orderId, score: 3 })),
      ...Array.from({ length: 10 }, () => byToken(token)),
    ]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'feedback_given')).toHaveLength(19);
  });

  test('with a token that was altered, cut, made elsewhere or has expired is refused', async () => {
    const token = await invite(newId());
    const [said = '', signature = ''] = token.split('.');
    const forged = Buffer.from(
      JSON.stringify({ organizationId: it.other.id, orderId: newId(), expiresAt: '2100-01-01T00:00:00Z' }),
    );
    for (const wrong of ['', 'x', said, `${said}.`, `${forged.toString('base64url')}.${signature}`, `${token}x`])
      expect((await byToken(wrong).expect(422)).body.code, wrong).toBe('feedback_token_invalid');
  });

  test('of a low score is open until somebody has seen to it; once more changes nothing', async () => {
    const { body: bad } = await give({ orderId: newId(), score: 1 }).expect(201);
    const { body: good } = await give({ orderId: newId(), score: 3 }).expect(201);
    const before = (await open()).map(({ id }) => id);
    expect([before.includes(bad.id), before.includes(good.id)]).toEqual([true, false]);
    const { body: handled } = await it.call('post', `${feedback}/${bad.id}/handle`).expect(200);
    expect(handled.handledAt).not.toBeNull();
    expect((await it.call('post', `${feedback}/${bad.id}/handle`).expect(200)).body).toEqual(handled);
    expect((await open()).map(({ id }) => id)).not.toContain(bad.id);
  });

  test('is told whole to a repeat but for the guest’s words, and refused outside of 1 to 5', async () => {
    const [idempotencyKey, body] = [newId(), { orderId: newId(), score: 4, text: 'Quite good' }];
    const { body: first } = await give(body, { idempotencyKey }).expect(201);
    expect((await give(body, { idempotencyKey }).expect(201)).body).toEqual({ ...first, text: null });
    for (const score of [0, 6, 4.5]) await give({ orderId: newId(), score }).expect(400);
  });

  test('is of one organization', async () => {
    const { body } = await give({ orderId: newId(), score: 1 }).expect(201);
    const { body: theirs } = await it.call('get', feedback, { key: it.other.key }).expect(200);
    expect(theirs.data).toEqual([]);
    await it.call('post', `${feedback}/${body.id}/handle`, { key: it.other.key }).expect(404);
  });
});
