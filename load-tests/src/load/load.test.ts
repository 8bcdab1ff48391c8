import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sender } from '../driver/sender.js';
import { thisMachine } from '../machine/machine.js';
import { SCENARIOS } from '../scenarios/index.js';
import { startProgram } from '../testing/programs.js';
import { readLoadOptions } from './options.js';
import { perform } from './play.js';
import type { LoadReport } from './run-report.js';
import { ownTarget, type Target } from './target.js';

const load = (args: string[], settings: NodeJS.ProcessEnv = {}) => startProgram('load/main.js', args, settings).ended;

/** A lunch so small that any machine serves it. */
const SMALL = ['--rate', '5', '--duration', '4', '--seed', '7'];

describe('on one platform', () => {
  let target: Target;
  beforeAll(async () => {
    target = await ownTarget(() => undefined, { kafka: false });
  });
  afterAll(() => target[Symbol.asyncDispose]());

  test('a lunch on a platform of its own: every order is looked for, and what a thousand of them cost is told', async () => {
    const options = readLoadOptions(['peak', ...SMALL]);
    if (options === 'help') throw new Error('Nobody asked for help.');
    const sender = new Sender(target.baseUrl, { connections: 8, apiKey: target.apiKey });
    const { signal } = new AbortController();
    const playing = { target, sender, machine: thisMachine(), signal, say: () => undefined };
    const report = await perform(SCENARIOS.peak, options, playing);
    await sender.close();
    expect(report).toMatchObject({ scenario: 'peak', interrupted: false, seed: 7 });
    expect(report.steps.map(({ name }) => name)).toEqual(['ramp', 'hold', 'afternoon']);
    expect(report.orders).toBeGreaterThan(5);
    expect(report.cost).toMatchObject({ orders: report.orders });
    expect(report.cost?.cpuSeconds).toBeGreaterThan(0.5);
    expect(report.cost?.rowsInserted).toBeGreaterThan(20_000);
    expect(report.cost?.walBytes).toBeGreaterThan(1_000_000);
    expect(report.invariants.filter(({ holds, examined }) => !holds && examined > 0)).toEqual([]);
    expect(report.invariants.map(({ id }) => id)).toEqual(expect.arrayContaining(['told', 'paid', 'I1', 'I4']));
  }, 90_000);

  test('guests with phones at one that runs, and a report in a document', async () => {
    const file = join(tmpdir(), `comanda-load-${process.pid}.md`);
    const args = ['spike', '--url', target.baseUrl, '--rate', '3', '--duration', '4', '--json', '--report', file];
    const { code, stdout, stderr } = await load(args, { COMANDA_API_KEY: target.apiKey });
    const report = JSON.parse(stdout) as LoadReport;
    expect({ code, stderr }).toMatchObject({
      code: report.met ? 0 : 1,
      stderr: expect.stringContaining('crowd: 30 a second'),
    });
    expect(report).toMatchObject({ scenario: 'spike', target: target.baseUrl, cost: null });
    expect(report.invariants).toMatchObject([
      { id: 'told', holds: true },
      { id: 'paid', holds: true },
    ]);
    expect(report.invariants[0]?.examined).toBe(report.orders);
    expect(await readFile(file, 'utf8')).toContain('## Measured: spike');
    await rm(file);
  }, 120_000);

  test('Ctrl-C ends it, and tells what was measured so far', async () => {
    const args = ['soak', '--url', target.baseUrl, '--rate', '5', '--duration', '600', '--json'];
    const running = startProgram('load/main.js', args, { COMANDA_API_KEY: target.apiKey });
    await running.said('part 1');
    running.interrupt();
    const { code, stdout } = await running.ended;
    expect({ code, report: JSON.parse(stdout) as LoadReport }).toMatchObject({
      code: 1,
      report: {
        interrupted: true,
        met: false,
        steps: [{ name: 'part 1' }],
        notes: [expect.stringContaining('SIGINT')],
      },
    });
  }, 60_000);

  test('a key that opens nothing, and a location without a menu, are told in a sentence', async () => {
    const args = ['peak', '--url', target.baseUrl];
    expect(await load([...args, '--key', 'wrong'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/401 credential_invalid/),
    });
    const nowhere = '00000000-0000-4000-8000-000000000000';
    expect(await load([...args, '--location', nowhere, '--key', target.apiKey])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/404 /),
    });
  }, 60_000);
});

describe('one clear sentence and an exit code of its own', () => {
  test('for what is mistyped', async () => {
    expect(await load(['rush'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^There is no "rush": [^\n]+ See npm run load -- --help\.\n$/),
    });
  });

  test('where nothing answers', async () => {
    expect(await load(['peak', '--url', 'http://127.0.0.1:1', '--key', 'k'])).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^Nothing answers at http:\/\/127\.0\.0\.1:1: [^\n]+\n$/),
    });
  }, 60_000);

  test('where there is no database server', async () => {
    const settings = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/postgres' };
    expect(await load(['peak'], settings)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^Nothing answers there: connect ECONNREFUSED 127\.0\.0\.1:1\.\n$/),
    });
  });
});

test('what a chain needs is told without a platform', async () => {
  const { code, stdout } = await load(['capacity', '--locations', '500', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ordersPerSecond: 25, pods: { orders: 2 } });
});
