import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Drilled } from '../drill/drill.js';
import { complaintsIn, PlatformUnderTest, summaryIn } from './testing/running-platform.js';

// Platforms are started and restored, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

test('a drill: lost in the rush, restored into an empty folder, filled by clients, and the ledgers are equal', async () => {
  const anywhere = await PlatformUnderTest.create();
  const ended = await anywhere.run('drill', '--orders', '20', '--every', '1', '--json');
  expect(ended.code, ended.stderr).toBe(0);
  const drilled = summaryIn(ended) as unknown as Drilled & { ok: boolean };
  expect(drilled.ok).toBe(true);
  expect(drilled.recoveryPointSeconds).toBeLessThan(60);
  expect(drilled.orders.acknowledged).toBeGreaterThan(20);
  expect(drilled.orders.cameBack).toBeGreaterThan(0);
  expect(drilled.restored.before).toBe(drilled.restored.after);
  expect(drilled.filled.before).toBe(drilled.filled.after);
  expect(drilled.filled.postings).toBeGreaterThan(drilled.orders.acknowledged);
  expect(drilled.audit).toMatchObject({ holds: true });
}, 240_000);

describe('a platform that runs', () => {
  let platform: PlatformUnderTest;
  let store: string;
  let made: Record<string, unknown>;

  beforeAll(async () => {
    platform = await PlatformUnderTest.create();
    store = join(platform.folder, 'backups');
    await platform.begin('--no-demo');
    made = summaryIn(await platform.run('backup', store, '--json'));
  });

  test('is copied, and its copy listed, verified and tried out', async () => {
    const listed = await platform.run('backup', 'list', store);
    expect(listed.stdout).toContain(String(made['name']));
    const verified = await platform.run('backup', 'verify', store, '--start', '--json');
    expect(summaryIn(verified)).toMatchObject({ backup: made['name'], damages: [], rows: expect.any(Number) });
  });

  test('is restored elsewhere, and knows everything again', async () => {
    const other = await PlatformUnderTest.create();
    const restored = await other.run('restore', store);
    expect([restored.code, complaintsIn(restored)]).toEqual([0, []]);
    expect(restored.stdout).toContain(`${other.home.folder} is as it was at ${String(made['until'])}`);
    const secret = (of: PlatformUnderTest) => join(of.home.folder, 'secret');
    expect(readFileSync(secret(other), 'utf8')).toBe(readFileSync(secret(platform), 'utf8'));
    expect(statSync(secret(other)).mode & 0o077).toBe(0);
    // Its roles are let in: the secret is the one from which their passwords come.
    expect(await other.run('outbox', 'status')).toMatchObject({ code: 0, stderr: '' });
    expect(await refused(other, 'restore', store)).toMatch(/^There is a platform in \S+: move it away/);
  });

  test('that keeps its secret to itself is restored with that secret alone', async () => {
    const kept = join(platform.folder, 'without-secret');
    await platform.run('backup', kept, '--without-secret');
    const none = await PlatformUnderTest.create();
    expect(await refused(none, 'restore', kept)).toBe(
      'The backup was made without the secret: give the one that the platform had, as COMANDA_SECRET.',
    );
    const wrong = await PlatformUnderTest.create({ COMANDA_SECRET: 'another secret, which is as long as needed' });
    expect(await refused(wrong, 'restore', kept)).toBe(
      'COMANDA_SECRET is not the one that the platform had when the backup was made.',
    );
    expect(existsSync(none.home.postgres)).toBe(false);
  });

  test('is not restored over, and its services are not set back under its hands', async () => {
    expect(await refused(platform, 'restore', store)).toMatch(/^A platform runs here \(process \d+\): stop it/);
    expect(await refused(platform, 'rewind', '--service', 'orders')).toBe(
      'comanda.orders is being read: stop its service first.',
    );
  });

  test('tells a doctor how it is, and no secret', async () => {
    const hidden = {
      COMANDA_SECRET: readFileSync(join(platform.home.folder, 'secret'), 'utf8').trim(),
      STRIPE_SECRET_KEY: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
    };
    const password = readFileSync(join(platform.home.postgres, 'password'), 'utf8').trim();
    const runtime = await platform.home.runtime.read();
    const log = join(platform.folder, 'pod.log');
    const line = {
      level: 'error',
      msg: `refused by ${runtime?.environment['DATABASE_URL']}`,
      key: hidden.STRIPE_SECRET_KEY,
    };
    writeFileSync(log, `${JSON.stringify(line)}\n${JSON.stringify({ level: 'info', msg: 'all is well' })}\n`);
    const file = join(platform.folder, 'doctor.json');
    const ended = await platform.run('doctor', '--output', file, '--log', log);
    expect([ended.code, complaintsIn(ended)]).toEqual([0, []]);
    const text = readFileSync(file, 'utf8');
    for (const secret of [...Object.values(hidden), password]) expect(text).not.toContain(secret);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      machine: { node: process.version },
      platform: { running: true, status: 'ok' },
      databases: { orders: { schema: { state: 'fits' }, postgres: expect.stringMatching(/^18/) } },
      events: { waits: [], parked: expect.arrayContaining([{ service: 'loyalty', waiting: 0, newest: null }]) },
      errors: [{ level: 'error', msg: 'refused by [redacted]' }],
    });
  });
});

test('databases on a server of one’s own are neither copied nor restored here', async () => {
  const elsewhere = await PlatformUnderTest.create({ DATABASE_URL: 'postgres://comanda@127.0.0.1:1/postgres' });
  expect(await refused(elsewhere, 'backup', 'somewhere')).toMatch(
    /^The databases are on a server of your own: back them up there/,
  );
  expect(await refused(elsewhere, 'restore', 'somewhere')).toMatch(
    /^The databases are on a server of your own: restore them there/,
  );
});

/** Runs a command that cannot do it. Resolves to the one sentence that it ends with. */
async function refused(platform: PlatformUnderTest, ...args: string[]): Promise<string | undefined> {
  const ended = await platform.run(...args);
  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(complaintsIn(ended)).toHaveLength(1);
  return complaintsIn(ended)[0];
}
