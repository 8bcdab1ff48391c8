import { byChance, evenly } from '../driver/arrivals.js';
import { closedLoop } from '../driver/closed-loop.js';
import { dice } from '../driver/dice.js';
import { Sender } from '../driver/sender.js';
import { BenchFailure, EXIT } from '../failure.js';
import { openGauge } from '../machine/gauge.js';
import { commitHere, type Machine, thisMachine } from '../machine/machine.js';
import { warmUpSeconds } from '../measures/side.js';
import { Orders } from '../scenarios/orders.js';
import { readBack } from './books.js';
import { costing } from './cost.js';
import type { LoadOptions } from './options.js';
import { type Facts, type LoadReport, reportOf } from './run-report.js';
import { firstSaturated } from './saturation.js';
import type { Amount, Scenario } from './scenario.js';
import { Stage } from './stage.js';
import { foreignTarget, ownTarget, type Target } from './target.js';
import { judge } from './thresholds.js';

type Say = (step: string) => void;

/**
 * Plays a scenario from the first guest to the last effect, looks whether anything that was told is missing, and judges it. Ctrl-C
 * calls it off: what was measured until then is told.
 * @throws BenchFailure, EmbeddedPostgresError with one sentence, where there is nothing to play on
 */
export async function play(scenario: Scenario, options: LoadOptions, say: Say): Promise<LoadReport> {
  const calledOff = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => calledOff.abort(signal));
  const { signal } = calledOff;
  const machine = thisMachine();
  await using target = await open(scenario, options, say);
  const sender = new Sender(target.baseUrl, { connections: scenario.connections, apiKey: target.apiKey });
  try {
    await Promise.race([prepare(target, sender, scenario, amountOf(scenario, options), say), interrupted(signal)]);
    return await perform(scenario, options, { target, sender, machine, signal, say });
  } finally {
    await sender.close();
  }
}

function open(scenario: Scenario, { url, key, location }: LoadOptions, say: Say): Promise<Target> {
  if (url === undefined) return ownTarget(say, { kafka: scenario.needs === 'kafka' });
  return foreignTarget({
    baseUrl: url,
    apiKey: key ?? '',
    ...(location !== undefined && { locationId: location }),
  });
}

/** Connections are open, and code of a platform that has just been started is compiled, before anything is measured. */
async function prepare(
  { own, shop }: Target,
  sender: Sender,
  { connections }: Scenario,
  { seconds }: Amount,
  say: Say,
) {
  await sender.open(connections);
  if (!own) return;
  say('warming up');
  const orders = new Orders(sender, shop);
  const act = async (): Promise<void> => void (await orders.complete());
  await closedLoop({ workers: 16, seconds: warmUpSeconds(seconds), act });
  await own.platform.followed();
}

export interface Playing {
  readonly target: Target;
  readonly sender: Sender;
  /** As it was before anything was started. */
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly say: Say;
}

/** Plays a scenario on a platform that is there, which is warm. */
export async function perform(scenario: Scenario, options: LoadOptions, playing: Playing): Promise<LoadReport> {
  const { target, sender, machine, signal, say } = playing;
  const { own } = target;
  const random = dice(options.seed);
  const stage = new Stage({
    sender,
    shop: target.shop,
    journey: scenario.journey,
    spread: options.arrivals === 'poisson' ? byChance(random) : evenly,
    random,
    patience: scenario.patience,
    gauge: openGauge(() => own && { platform: own.platform.pid, postgres: own.postgres.pid }),
    signal,
    say,
  });
  const startedAt = new Date();
  const cost = own && !scenario.breaks ? await costing(own, sender) : null;
  const facts = await scenario.play(stage, amountOf(scenario, options), target).catch((error: unknown): Facts => {
    if (signal.aborted) return {};
    throw error;
  });
  await stage.finished();
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const afterwards = await unlessCalledOff(signal, lookAfterwards, { cost: null, invariants: [] });
  const steps = stage.steps.map(reportOf);
  const thresholds = judge(scenario.thresholds, { steps, facts });
  const { invariants } = afterwards;
  // What found nothing to look at proves nothing, and says nothing against it; but something must have been looked at.
  const looked = invariants.filter(({ examined }) => examined > 0);
  return {
    scenario: options.what,
    title: scenario.title,
    met:
      looked.length > 0 &&
      looked.every(({ holds }) => holds) &&
      thresholds.every(({ verdict }) => verdict !== 'missed'),
    interrupted: signal.aborted,
    target: target.name,
    commit: await commitHere(),
    machine,
    startedAt: startedAt.toISOString(),
    seconds,
    seed: options.seed,
    arrivals: options.arrivals,
    orders: stage.sales.accepted,
    steps,
    facts,
    saturated: firstSaturated(steps),
    ...afterwards,
    thresholds,
    notes: signal.aborted
      ? [...stage.notes, `It was called off by ${String(signal.reason)}: nobody looked whether anything is missing.`]
      : stage.notes,
  };

  async function lookAfterwards(): Promise<Pick<LoadReport, 'cost' | 'invariants'>> {
    if (own) {
      say('waiting until every consumer has followed');
      await own.platform.followed();
    }
    const orders = stage.sales.accepted;
    const costs = cost && orders > 0 ? await cost(orders) : null;
    say('looking whether anything is missing');
    const { baseUrl, apiKey, shop } = target;
    const locationIds = shop.places.map(({ locationId }) => locationId);
    const told = await readBack({ baseUrl, apiKey, locationIds, since: startedAt }, stage.sales.all);
    return { cost: costs, invariants: [...told, ...(own ? await own.platform.findings() : [])] };
  }
}

/** Does the work, or leaves it at what there is once the run is called off. */
async function unlessCalledOff<T>(signal: AbortSignal, work: () => Promise<T>, otherwise: T): Promise<T> {
  if (signal.aborted) return otherwise;
  try {
    return await Promise.race([work(), aborted(signal).then(() => otherwise)]);
  } catch (error) {
    // A platform that Ctrl-C has ended as well answers nobody any more.
    if (signal.aborted) return otherwise;
    throw error;
  }
}

const amountOf = ({ amount }: Scenario, { rate, seconds, sessions }: LoadOptions): Amount => ({
  rate: rate ?? amount.rate,
  seconds: seconds ?? amount.seconds,
  sessions: sessions ?? amount.sessions,
});

async function interrupted(signal: AbortSignal): Promise<never> {
  await aborted(signal);
  throw new BenchFailure(`Interrupted by ${String(signal.reason)}.`, EXIT.wrong);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
