import { createHmac } from 'node:crypto';
import { newId } from '@comanda/platform';
import { eventually } from '@comanda/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestSandbox, testSandbox } from '../testing/sandbox.js';
import type { Approved, Question } from './payment-provider.js';
import { describeProvider } from './provider.contract.js';
import { SandboxProvider } from './sandbox-provider.js';

let sandbox: TestSandbox;
let provider: SandboxProvider;
const organizationId = newId();
beforeAll(async () => {
  sandbox = await testSandbox();
  const { SANDBOX_PSP_URL: url, SANDBOX_PSP_KEY: key, SANDBOX_PSP_WEBHOOK_SECRET: webhookSecret } = sandbox.settings;
  provider = new SandboxProvider({ url, key, webhookSecret });
});
afterAll(() => provider.close());

describeProvider('the sandbox', () =>
  Promise.resolve({
    provider,
    organizationId,
    good: 'tok_visa',
    bad: 'tok_insufficient_funds',
    declineCode: 'insufficient_funds',
    async trouble(operation, manner, times = 1) {
      await sandbox.control('POST', '/faults', organizationId, { account: organizationId, operation, manner, times });
    },
    webhook(reference, { at = new Date(), id = newId() } = {}) {
      const body = Buffer.from(
        JSON.stringify({ id, type: 'call.ended', account: organizationId, data: { reference } }),
      );
      const timestamp = String(Math.floor(at.getTime() / 1_000));
      const key = Buffer.from(sandbox.settings.SANDBOX_PSP_WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body.toString()}`).digest('base64');
      const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
      return { body, headers };
    },
  }),
);

const { signal } = new AbortController();
const call = () => ({ organizationId, reference: newId(), currency: 'USD' });
const charge = async (amount: number, source = 'tok_visa') =>
  (await provider.authorize({ ...call(), source, amount, capture: true, live: false }, signal)) as Approved;

describe('a day’s settlement', () => {
  test('has every movement with its fee and our reference, page by page: 20.00 in, 5.00 back, 10.00 disputed and won', async () => {
    const account = newId();
    const own = () => ({ ...call(), organizationId: account });
    const first = own();
    const { authorization } = (await provider.authorize(
      { ...first, source: 'tok_visa', amount: 20_00, capture: true, live: false },
      signal,
    )) as Approved;
    const refund = { ...own(), authorization, amount: 5_00 };
    await provider.refund(refund, signal);
    const { dispute } = await sandbox.control<{ dispute: string }>(
      'POST',
      `/charges/${authorization}/disputes`,
      account,
      {
        amount: 10_00,
      },
    );
    await sandbox.control('POST', `/disputes/${dispute}/close`, account, { won: true });
    const date = new Date().toISOString().slice(0, 10);
    const { movements, next } = await provider.settlement({ organizationId: account, date, after: null }, signal);
    expect(next).toBeNull();
    expect(movements.map(({ kind, reference, amount, fee }) => [kind, reference, amount, fee])).toEqual([
      ['charge', first.reference, 20_00, 88],
      ['refund', refund.reference, -5_00, 0],
      ['dispute', null, -10_00, 15_00],
      ['dispute_won', null, 10_00, 0],
    ]);
    expect(new Set(movements.map((movement) => movement.authorization))).toEqual(new Set([authorization]));
    expect((await provider.settlement({ organizationId: newId(), date, after: null }, signal)).movements).toEqual([]);
  });
});

describe('a code for a wallet', () => {
  const question = (reference: string): Question => ({
    organizationId,
    reference,
    kind: 'authorize',
    authorization: null,
    askedAt: new Date(),
  });
  const present = async (expiresInSeconds: number) => {
    const asked = call();
    const outcome = await provider.presentCode({ ...asked, amount: 20_00, expiresInSeconds, live: false }, signal);
    return { reference: asked.reference, outcome };
  };
  const pay = (reference: string) => sandbox.control('POST', `/codes/${reference}/pay`, organizationId, {});

  test('waits until the guest has paid it', async () => {
    const { reference, outcome } = await present(60);
    expect(outcome).toEqual({
      kind: 'waiting',
      content: expect.stringContaining(reference),
      expiresAt: expect.any(String),
    });
    expect(await provider.lookup(question(reference), signal)).toEqual(outcome);
    await pay(reference);
    const paid = await provider.lookup(question(reference), signal);
    expect(paid).toMatchObject({ kind: 'approved', fee: 88, card: { brand: 'alipay' } });
    expect(await provider.cancelCode({ organizationId, reference }, signal)).toEqual(paid);
  });

  test('is worth nothing once it was cancelled or has expired; money that was on its way is there all the same', async () => {
    const { reference } = await present(60);
    const cancelled = { kind: 'declined', code: 'code_cancelled' };
    expect(await provider.cancelCode({ organizationId, reference }, signal)).toEqual(cancelled);
    const short = await present(1);
    await eventually(
      async () =>
        expect(await provider.lookup(question(short.reference), signal)).toEqual({
          kind: 'declined',
          code: 'code_expired',
        }),
      { within: 5_000 },
    );
    await pay(short.reference);
    expect(await provider.lookup(question(short.reference), signal)).toMatchObject({ kind: 'approved' });
  });
});

test('a dispute is told with what it takes and what it costs', () => {
  const data = {
    dispute: 'dp_1',
    charge: 'sbx_1',
    currency: 'USD',
    amount: 20_00,
    fee: 15_00,
    reason: 'fraudulent',
    status: 'open',
    openedAt: '2026-03-06T20:10:00.000Z',
  };
  const body = Buffer.from(JSON.stringify({ type: 'dispute.opened', account: organizationId, data }));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(sandbox.settings.SANDBOX_PSP_WEBHOOK_SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`e1.${timestamp}.${body.toString()}`).digest('base64');
  const headers = { 'webhook-id': 'e1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  const { dispute: id, charge: authorization, openedAt, ...facts } = data;
  expect(provider.notice(body, headers)).toMatchObject({
    about: 'dispute',
    organizationId,
    dispute: { ...facts, id, authorization, openedAt: new Date(openedAt) },
  });
});

test('the books remember the fee of what was charged', async () => {
  const { authorization } = await charge(20_00);
  const { rows } = await sandbox.books.query(
    'select captured_minor::int as captured, fee_minor::int as fee from charges where id = $1',
    [authorization],
  );
  expect(rows).toEqual([{ captured: 20_00, fee: 88 }]);
});
