import { describe, expect, test } from 'vitest';
import { evenly } from '../driver/arrivals.js';
import { Sender } from '../driver/sender.js';
import { openGauge } from '../machine/gauge.js';
import { serving } from '../testing/server.js';
import { reportOf } from './run-report.js';
import { Stage } from './stage.js';
import { wrongIn } from './thresholds.js';
import type { Journey } from './visit.js';

/** Whoever comes asks for the menu, and has what they came for when it comes. */
const readsMenu: Journey = async (visit) => (await visit.ask('menu', { path: '/menu' })).status === 200;

type Answering = Parameters<typeof serving>[0];

/** A house that answers so, and guests who come to it evenly. */
async function house(answering: Answering, { journey = readsMenu, patience = 0 } = {}) {
  const server = await serving(answering);
  const sender = new Sender(server.url, { connections: 64 });
  const calledOff = new AbortController();
  const stage = new Stage({
    sender,
    shop: { places: [], variationIds: [], customerIds: [] },
    journey,
    spread: evenly,
    random: () => 0.5,
    patience,
    gauge: openGauge(() => null),
    signal: calledOff.signal,
    say: () => undefined,
  });
  return {
    stage,
    calledOff,
    async [Symbol.asyncDispose]() {
      await sender.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('as many come as were announced, and all are served by a house that serves everybody', async () => {
  await using it = await house(() => ({ status: 200 }));
  const step = await it.stage.step('hold', { seconds: 0.5, from: 40, to: 40 });
  await it.stage.finished();
  expect(reportOf(step)).toMatchObject({
    name: 'hold',
    came: 20,
    served: 20,
    unsent: 0,
    questions: { menu: { answered: 20, told: {} } },
  });
  expect(step.goodput).toBeGreaterThan(0);
  expect(step.goodput).toBeLessThanOrEqual(20 / 0.5);
});

test('a house that stands still for a moment is not spared those who come meanwhile', async () => {
  const since = performance.now();
  // Whoever comes in the first 400 ms is answered then.
  await using it = await house(() => ({ status: 200, after: Math.max(0, 400 - (performance.now() - since)) }));
  const step = await it.stage.step('hold', { seconds: 0.5, from: 100, to: 100 });
  await it.stage.finished();
  const { waits, came } = reportOf(step);
  expect(came).toBe(50);
  expect(waits.p50).toBeGreaterThan(100);
  expect(waits.max).toBeGreaterThan(300);
});

describe('what guests are told', () => {
  test.each<[story: string, answering: Answering, wrong: number, told: Record<string, number>]>([
    [
      'come back is no wrong answer',
      () => ({ status: 503, headers: { 'retry-after': '1' } }),
      0,
      { '503, come back': 10 },
    ],
    ['but to be sent away for good is', () => ({ status: 503 }), 10, { 503: 10 }],
    ['a defect is', (turn) => ({ status: turn === 3 ? 500 : 200 }), 1, { 500: 1 }],
  ])('%s', async (_story, answering, wrong, told) => {
    await using it = await house(answering);
    const step = await it.stage.step('hold', { seconds: 0.2, from: 50, to: 50 });
    await it.stage.finished();
    expect(reportOf(step)).toMatchObject({ questions: { menu: { told } } });
    expect(wrongIn(reportOf(step))).toBe(wrong);
  });
});

test('thinking is not waiting', async () => {
  const journey: Journey = async (visit) => {
    await visit.think(1);
    return readsMenu(visit);
  };
  await using it = await house(() => ({ status: 200 }), { journey });
  const step = await it.stage.step('hold', { seconds: 0.2, from: 50, to: 50 });
  await it.stage.finished();
  expect(reportOf(step)).toMatchObject({ came: 10, served: 10, atOnce: 10 });
  expect(reportOf(step).waits.max).toBeLessThan(900);
});

test('once it is called off nobody comes any more', async () => {
  await using it = await house(() => ({ status: 200 }));
  const step = it.stage.step('hold', { seconds: 600, from: 20, to: 20 }, () => it.calledOff.abort());
  expect((await step).seconds).toBeLessThan(5);
});

test('what goes wrong in this client ends the run', async () => {
  const journey: Journey = () => Promise.reject(new Error('The oven is out.'));
  await using it = await house(() => ({ status: 200 }), { journey });
  await expect(it.stage.step('hold', { seconds: 600, from: 20, to: 20 })).rejects.toThrow('The oven is out.');
});
