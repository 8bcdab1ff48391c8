import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@comanda/platform';
import { describeReal, startKafka } from '@comanda/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEventLog } from './event-log.js';

const open = (settings: NodeJS.ProcessEnv) =>
  openEventLog({ KAFKA_BROKERS: 'kafka:9093', ...settings }, { clientId: 'test', log: createLog('test', 'silent') });

const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

describe('how brokers are reached', () => {
  test.each([
    ['a user without a password', { KAFKA_USERNAME: 'comanda' }, /KAFKA_PASSWORD: must be set with KAFKA_USERNAME/],
    ['a password without a user', { KAFKA_PASSWORD: 'hidden' }, /KAFKA_USERNAME: must be set with KAFKA_PASSWORD/],
    ['a certificate, but no encryption', { KAFKA_CA: PEM }, /KAFKA_TLS: must be true with KAFKA_CA/],
    ['a certificate that is none', { KAFKA_TLS: 'true', KAFKA_CA: '/etc/ca.crt' }, /KAFKA_CA: must be a certificate/],
    ['neither yes nor no', { KAFKA_TLS: 'yes' }, /KAFKA_TLS: must be true or false/],
  ])('%s is refused with a sentence', (_, settings, sentence) => {
    expect(() => open(settings)).toThrow(sentence);
  });

  test('no sentence tells the password', () => {
    expect(() => open({ KAFKA_PASSWORD: 'hidden' })).toThrow(/^(?!.*hidden)/);
  });
});

describeReal('kafka', 'brokers that want to know who is there', () => {
  test('are told, in secret; who has another password is not let in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'comanda-login-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const login = { username: 'comanda', password: randomUUID() };
    const broker = await startKafka({ folder, login });
    onTestFinished(() => broker.stop());
    const settings = {
      KAFKA_BROKERS: broker.byLogin?.brokers,
      KAFKA_TLS: 'true',
      KAFKA_CA: broker.byLogin?.ca,
      KAFKA_USERNAME: login.username,
    };
    const [known, unknown] = [login.password, 'guessed'].map((KAFKA_PASSWORD) => open({ ...settings, KAFKA_PASSWORD }));
    onTestFinished(async () => void (await Promise.all([known?.close(), unknown?.close()])));
    expect(await known?.createTopics(['comanda.orders.v1'])).toEqual(['comanda.orders.v1']);
    await expect(unknown?.createTopics(['comanda.payments.v1'])).rejects.toThrow(/authentication|credentials/i);
  });
});
