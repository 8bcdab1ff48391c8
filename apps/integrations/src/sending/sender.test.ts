import { expect, test } from 'vitest';
import { openReceiver } from '../testing/receiver.js';
import { Sender } from './sender.js';

const never = new AbortController().signal;
const sender = (allow = true): Sender => new Sender({ WEBHOOK_ALLOW_LOOPBACK: allow });

test('K1: the address that was checked is the one that is called, even if the name leads elsewhere a moment later', async () => {
  const checked = await openReceiver();
  const inside = await openReceiver(() => 204, { host: '127.0.0.2', port: checked.port });
  const rebinding = sender();
  const answers = [['127.0.0.1'], ['127.0.0.2']];
  let asked = 0;
  rebinding.resolve = () => Promise.resolve(answers[asked++] ?? []);
  const to = `http://hooks.example:${checked.port}/hook`;
  const posting = rebinding.post(to.replace('http:', 'https:'), {}, '{}', never);
  // Nobody speaks TLS there: what counts is who was called.
  await expect(posting).resolves.toMatchObject({ outcome: 'unreachable' });
  expect(asked).toBe(1);
  expect(inside.received).toEqual([]);
});

test('K1: a name that leads to a private address is called by nobody', async () => {
  const receiver = await openReceiver();
  const strict = sender(false);
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00:ec2::254']) {
    strict.resolve = () => Promise.resolve([address]);
    const outcome = await strict.post(`https://hooks.example:${receiver.port}/`, {}, '{}', never);
    expect(outcome).toEqual({ outcome: 'address_refused', status: null });
  }
  expect(receiver.received).toEqual([]);
});

test('a name server that never answers, and one that fails, are failures like others', async () => {
  const asking = sender();
  asking.resolve = () => Promise.reject(new Error('SERVFAIL'));
  expect(await asking.post('https://hooks.example/', {}, '{}', never)).toEqual({
    outcome: 'unreachable',
    status: null,
  });
  asking.resolve = () => new Promise<never>(() => undefined);
  expect(await asking.post('https://hooks.example/', {}, '{}', never)).toEqual({ outcome: 'timed_out', status: null });
  asking.resolve = () => Promise.resolve([]);
  expect(await asking.post('https://hooks.example/', {}, '{}', never)).toEqual({
    outcome: 'unreachable',
    status: null,
  });
});
