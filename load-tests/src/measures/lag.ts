import { type KafkaBroker, startKafka, whyMissing } from '@comanda/testing/servers';
import type { Bench, Venue } from '../bench.js';
import { poisson } from '../driver/arrivals.js';
import { closedLoop } from '../driver/closed-loop.js';
import { Latencies } from '../driver/latencies.js';
import { openLoop } from '../driver/open-loop.js';
import { Sender } from '../driver/sender.js';
import { Effects } from '../platform/effects.js';
import { relayRate } from '../platform/relay.js';
import type { Cell, Findings } from '../report/figures.js';
import { rounded } from '../report/table.js';
import { Orders } from '../scenarios/orders.js';
import { sustainedRate, TILLS } from './complete-order.js';
import { warmUpSeconds } from './side.js';

/** Beyond this many a client waits for a connection; what it waits is in its time. */
const CONNECTIONS = 128;
const RELAYED = 20_000;

/**
 * How long after a guest ordered stock and points show it, at half the rate that can be kept up, on both transports. Orders
 * come as guests do, whatever is still under way, and their time begins when they should have been sent.
 */
export async function measureLag(bench: Bench): Promise<Findings> {
  const perSecond = (await sustainedRate(bench)) / 2;
  const transports: { name: string; settings: NodeJS.ProcessEnv }[] = [{ name: 'PostgreSQL', settings: {} }];
  const broker = await kafka(bench);
  if (typeof broker === 'object') transports.push({ name: 'Kafka', settings: { KAFKA_BROKERS: broker.brokers } });
  const rows: Cell[][] = [];
  let lagMs: Findings['figures']['lagMs'] = null;
  for (const { name, settings } of transports) {
    const venue = await bench.venue(`lag_${name.toLowerCase()}`, settings);
    const { refused, turnedAway, ...lags } = await lagAt(bench, venue, name, perSecond);
    bench.progress(`lag: the relay alone, to ${name}`);
    const relayed = await relayRate(venue.platform, RELAYED);
    for (const [what, latencies] of Object.entries(lags))
      rows.push([name, what, latencies.percentile(50), latencies.percentile(99), latencies.percentile(100)]);
    rows.push([name, 'relay alone, events/s', relayed], [name, 'turned away', turnedAway], [name, 'refused', refused]);
    const [p50, p99] = [lags.intended.percentile(50), lags.intended.percentile(99)];
    if (p50 !== null && p99 !== null) lagMs ??= { p50: rounded(p50), p99: rounded(p99) };
  }
  if (typeof broker === 'object') await broker.stop();
  return {
    figures: { lagMs },
    table: {
      title: `From an order to its effects, at ${rounded(perSecond)} complete orders a second, in ms`,
      columns: ['log', 'what', 'p50', 'p99', 'longest'],
      rows,
      notes: [
        'intended: from when it should have been sent until both stock and points show it; placing and paying are in it.',
        'turned away: orders and payments that were told to come back, and did; their time went on.',
        'refused: declined because the provider did not answer, for one; they are in no time.',
        'stock, points: from when the order, and its payment, were accepted.',
        ...(typeof broker === 'string' ? [`Not on Kafka: ${broker}.`] : []),
      ],
    },
  };
}

interface Lags {
  readonly intended: Latencies;
  readonly stock: Latencies;
  readonly points: Latencies;
  readonly requests: Latencies;
}

async function lagAt(
  bench: Bench,
  { platform, shop }: Venue,
  name: string,
  perSecond: number,
): Promise<Lags & { refused: number; turnedAway: number }> {
  const sender = new Sender(platform.demo.baseUrl, { connections: CONNECTIONS, apiKey: platform.demo.apiKey });
  const orders = new Orders(sender, shop);
  const effects = new Effects(platform);
  let refused = 0;
  const load = async (seconds: number): Promise<Lags> => {
    const lags = {
      intended: new Latencies(),
      stock: new Latencies(),
      points: new Latencies(),
      requests: new Latencies(),
    };
    await openLoop({
      arrivals: poisson(perSecond, seconds),
      async act(intended) {
        const { orderId, placed, placedAt, paid } = await orders.complete();
        if (placed.status !== 201 || paid?.status !== 201) {
          refused += 1;
          return;
        }
        const paidAt = performance.now();
        const { stock, points } = await effects.of(orderId);
        lags.requests.record(paidAt - intended);
        lags.stock.record(stock - placedAt);
        lags.points.record(points - paidAt);
        lags.intended.record(Math.max(stock, points) - intended);
      },
    });
    return lags;
  };
  try {
    bench.progress(`lag: warming up on ${name}`);
    await closedLoop({
      workers: TILLS,
      seconds: warmUpSeconds(bench.options.seconds),
      act: async () => void (await orders.complete()),
    });
    await platform.followed();
    await load(Math.min(5, bench.options.seconds));
    bench.progress(`lag: ${rounded(perSecond)} complete orders a second on ${name}`);
    const before = orders.turnedAway;
    refused = 0;
    const lags = await bench.profiled('lag', platform, () => load(bench.options.seconds));
    return { ...lags, refused, turnedAway: orders.turnedAway - before };
  } finally {
    await effects.close();
    await sender.close();
  }
}

/** A broker for this run: the one of the environment, or one that is started where tests find one. Else why there is none. */
async function kafka(bench: Bench): Promise<Broker | string> {
  const given = process.env['KAFKA_BROKERS'];
  if (given) return { brokers: given, stop: () => Promise.resolve() };
  const missing = whyMissing('kafka');
  if (missing) return missing;
  bench.progress('starting Kafka');
  const broker = await startKafka({ folder: bench.folderFor('kafka') });
  bench.defer(() => broker.stop());
  return broker;
}

type Broker = Pick<KafkaBroker, 'brokers' | 'stop'>;
