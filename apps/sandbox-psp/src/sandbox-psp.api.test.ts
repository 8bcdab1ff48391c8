import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { databaseUrls, migrate, schemaDrift } from '@comanda/platform';
import { eventually, testPostgres } from '@comanda/testing';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type SandboxPsp, startSandboxPsp } from './sandbox-psp.js';
import { SANDBOX_PSP, sandboxPspSchema } from './schema.js';

const KEY = 'sk_sandbox_for_tests_only';
const SECRET = Buffer.from('a secret for the webhooks of tests');
let environment: NodeJS.ProcessEnv;
let sandbox: SandboxPsp;
beforeAll(async () => {
  const database = await (await testPostgres()).createDatabase(SANDBOX_PSP);
  environment = {
    COMANDA_SECRET: 'a secret that only tests know, and long enough',
    SANDBOX_PSP_DATABASE_URL: database.url,
    SANDBOX_PSP_KEY: KEY,
    SANDBOX_PSP_WEBHOOK_SECRET: `whsec_${SECRET.toString('base64')}`,
  };
  await migrate(databaseUrls(SANDBOX_PSP, environment), sandboxPspSchema, environment['COMANDA_SECRET'] ?? '');
  sandbox = await startSandboxPsp({ environment, log: pino({ level: 'silent' }), host: '127.0.0.1', port: 0 });
});
afterAll(() => sandbox.stop());

const account: string = randomUUID();
const send = async (method: string, path: string, body?: object, { key = KEY, of = account } = {}) => {
  const answer = await fetch(sandbox.url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'sandbox-account': of,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const charge = (facts: object = {}) => ({
  reference: randomUUID(),
  source: 'tok_visa',
  amount: 20_00,
  currency: 'USD',
  ...facts,
});

describe('the sandbox', () => {
  test('lets nobody in without its key, and says what is wrong with a call', async () => {
    expect(await send('POST', '/v1/charges', charge(), { key: 'another key' })).toMatchObject({ status: 401 });
    expect(await send('POST', '/v1/charges', charge({ amount: 20.5 }))).toMatchObject({
      status: 400,
      body: { error: 'malformed', detail: expect.stringContaining('amount') },
    });
    expect(await send('POST', '/v1/charges', charge(), { of: 'nobody' })).toMatchObject({ status: 400 });
    expect((await send('GET', `/v1/calls/${randomUUID()}`)).status).toBe(404);
  });

  test('answers the same reference alike, fifty at once, and charges it once', async () => {
    const asked = charge();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('POST', '/v1/charges', asked)));
    expect(new Set(answers.map(({ body }) => body['charge'])).size).toBe(1);
    const day = await send('GET', `/v1/settlements/${new Date().toISOString().slice(0, 10)}`);
    expect(day.body['movements']).toMatchObject([{ id: asked.reference, kind: 'charge', amount: 20_00, fee: 88 }]);
  });

  test('settles a day page by page: of five movements two, two and one', async () => {
    const of = randomUUID();
    for (let n = 0; n < 5; n++) await send('POST', '/v1/charges', charge({ amount: 1_00 + n }), { of });
    const amounts: unknown[] = [];
    let after = '';
    for (const size of [2, 2, 1]) {
      const path = `/v1/settlements/${new Date().toISOString().slice(0, 10)}?limit=2${after}`;
      const { body } = await send('GET', path, undefined, { of });
      const movements = body['movements'] as { amount: number }[];
      expect(movements).toHaveLength(size);
      amounts.push(...movements.map(({ amount }) => amount));
      after = `&after=${String(body['next'])}`;
    }
    expect(amounts).toEqual([1_00, 1_01, 1_02, 1_03, 1_04]);
    expect(after).toBe('&after=null');
  });

  test('tells by webhook, signed, and again until somebody takes it', async () => {
    const heard: { id: string; signed: boolean; body: { type: string; data: object } }[] = [];
    const merchant = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
        const expected = createHmac('sha256', SECRET)
          .update(`${String(id)}.${String(at)}.${body}`)
          .digest('base64');
        heard.push({ id: String(id), signed: signature === `v1,${expected}`, body: JSON.parse(body) });
        response.writeHead(heard.length === 1 ? 500 : 200).end();
      });
    });
    merchant.listen(0, '127.0.0.1');
    await once(merchant, 'listening');
    onTestFinished(() => void merchant.close());
    const url = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/hooks`;
    await send('PUT', '/control/webhook', { url });
    const asked = charge({ source: 'tok_webhook' });
    await send('POST', '/v1/charges', asked);
    await eventually(() => expect(heard).toHaveLength(2), { within: 10_000 });
    expect(heard[0]?.id).toBe(heard[1]?.id);
    expect(heard[1]).toMatchObject({
      signed: true,
      body: { type: 'call.ended', account, data: { reference: asked.reference, outcome: { status: 'approved' } } },
    });
  });

  test('keeps each account’s books apart, in tables that are what its entities say', async () => {
    const urls = databaseUrls(SANDBOX_PSP, environment);
    expect(await schemaDrift(urls, sandboxPspSchema)).toEqual([]);
    const app = new pg.Client({ connectionString: urls.app });
    await app.connect();
    onTestFinished(() => app.end());
    for (const table of ['charges', 'calls', 'codes', 'disputes', 'notices'])
      expect((await app.query(`select from ${table}`)).rowCount, table).toBe(0);
  });
});
