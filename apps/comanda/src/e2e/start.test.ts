import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@comanda/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { complaintsIn, PlatformUnderTest } from './testing/running-platform.js';

// Databases are made and started, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

/** Starts a platform that cannot start. Resolves to the one sentence that it ends with. */
async function refusal(platform: PlatformUnderTest): Promise<string> {
  const ended = await platform.run('start');
  const complaints = complaintsIn(ended);
  expect([ended.code, ended.stdout, complaints.length], complaints.join('\n')).toEqual([1, '', 1]);
  return complaints[0] ?? '';
}

describe('one clear sentence, exit code 1, no stack trace', () => {
  test('when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const platform = await PlatformUnderTest.create({ PORT: String(port) });
    expect(await refusal(platform)).toBe(
      `Port ${port} is in use. Stop what listens there, or choose another: PORT=8081 npm start.`,
    );
  });

  test('when PostgreSQL’s user cannot use the folder', async () => {
    const { folder } = await PlatformUnderTest.create();
    const closed = join(folder, 'closed');
    const home = join(closed, '.comanda');
    // As root PostgreSQL runs as somebody else, who may not enter everywhere; anybody else may not write everywhere.
    const asRoot = process.getuid?.() === 0;
    mkdirSync(closed, { mode: asRoot ? 0o700 : 0o500 });
    expect(await refusal(await PlatformUnderTest.create({ COMANDA_HOME: home }))).toBe(
      asRoot
        ? `PostgreSQL runs as the user "postgres" and cannot use ${home}/postgres: it cannot enter ${closed}. Choose a folder that this user can enter.`
        : `${home} may not be read or written by this user.`,
    );
  });

  test('when Prometheus is asked for, and is not installed', async () => {
    const platform = await PlatformUnderTest.create({ PATH: '/nowhere' });
    const ended = await platform.run('start', '--observe');
    expect(ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'There is no Prometheus on this machine: install it (Debian: apt install prometheus), or start without --observe.\n',
    });
  });

  test('when the folder is a file', async () => {
    const { folder } = await PlatformUnderTest.create();
    const home = join(folder, 'receipt.txt');
    writeFileSync(home, 'one margherita');
    expect(await refusal(await PlatformUnderTest.create({ COMANDA_HOME: home }))).toBe(
      `${home} is a file where a folder is needed.`,
    );
  });

  test('when the disk is full', async ({ skip }) => {
    skip(process.platform !== 'linux', 'it takes a disk that only Linux has');
    const platform = await PlatformUnderTest.create();
    const state = join(platform.folder, '.comanda');
    if (mountTiny(state)) onTestFinished(() => void execFileSync('umount', [state]));
    else await fillUp(platform);
    expect(await refusal(platform)).toBe(
      `The disk that holds ${state}/postgres is full: make room (a new database needs about 60 MB) and start again.`,
    );
  });

  test('when another start uses the folder', async () => {
    const platform = await PlatformUnderTest.create();
    await platform.begin('--no-demo');
    const running = await platform.home.running();
    expect(await refusal(platform)).toBe(
      `Another start (process ${running?.pid}) is using the database in ${platform.folder}/.comanda/postgres: stop that one first, or name another folder.`,
    );
  });

  test('when nothing answers where the database or the broker should be', async () => {
    const port = await freePort();
    const [noDatabase, noBroker] = [
      await PlatformUnderTest.create({ DATABASE_URL: `postgres://comanda@127.0.0.1:${port}/postgres` }),
      await PlatformUnderTest.create({ KAFKA_BROKERS: `127.0.0.1:${port}` }),
    ];
    expect(await refusal(noDatabase)).toBe(`Nothing answers at 127.0.0.1:${port}.`);
    expect(await refusal(noBroker)).toBe(`Kafka: Connection error: connect ECONNREFUSED 127.0.0.1:${port}.`);
  });

  test.each<[setting: string, value: string, sentence: string]>([
    ['PORT', 'http', 'PORT must be a whole number between 0 and 65535.'],
    ['HOST', '203.0.113.1', 'This machine has no address 203.0.113.1: HOST must be one of its own.'],
    ['LOG_LEVEL', 'loud', wrong('LOG_LEVEL: must be fatal, error, warn, info, debug, trace or silent')],
    ['DATABASE_URL', 'localhost', wrong('DATABASE_URL: must be a URL that begins with postgres: or postgresql://')],
    ['DATABASE_POOL', 'many', wrong('DATABASE_POOL: must be a whole number')],
    ['KAFKA_BROKERS', 'kafka', wrong('KAFKA_BROKERS: must be host:port, separated by commas')],
    ['REDIS_URL', 'cache:6379', wrong('REDIS_URL: must be a URL that begins with redis: or rediss://')],
    ['COMANDA_SECRET', 'open sesame', wrong('COMANDA_SECRET: must be at least 32 characters long')],
    ['JWT_ISSUER', 'https://login.example', wrong('JWT_AUDIENCE: must be set with JWT_ISSUER')],
  ])('when %s is wrong, which is named: %s', async (setting, value, sentence) => {
    expect(await refusal(await PlatformUnderTest.create({ [setting]: value }))).toBe(sentence);
  });
});

test('a platform whose PostgreSQL ends does not end as if it had been asked to', async () => {
  const platform = await PlatformUnderTest.create();
  await platform.begin('--no-demo');
  const pidFile = join(platform.home.postgres, 'data', 'postmaster.pid');
  process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGINT');
  expect(await platform.ended()).toBe(1);
  expect(complaintsIn({ stderr: platform.said }).at(-1)).toBe(
    'PostgreSQL has ended by itself, or somebody ended it: start again, nothing that was accepted is lost.',
  );
});

function wrong(what: string): string {
  return `The configuration is wrong. ${what}`;
}

/** Mounts a disk of 8 MB; false where this user, or this machine, may not. */
function mountTiny(folder: string): boolean {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The next best: what PostgreSQL writes when it starts meets a device on which there is never any room. */
async function fillUp(platform: PlatformUnderTest): Promise<void> {
  expect(await platform.run('migrate')).toMatchObject({ code: 0 });
  const options = join(platform.home.postgres, 'data', 'postmaster.opts');
  rmSync(options);
  symlinkSync('/dev/full', options);
}
