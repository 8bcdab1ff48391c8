import { join } from 'node:path';
import { type KafkaBroker, startKafka, whyMissing } from '@comanda/testing/servers';
import { BenchPlatform } from '../platform/bench-platform.js';
import { Ground } from '../platform/ground.js';
import type { BenchPostgres } from '../platform/postgres.js';
import { type Foreign, openForeignShop } from '../scenarios/foreign-shop.js';
import { openShop, type Shop } from '../scenarios/shop.js';

/** Where a load goes. */
export interface Target extends AsyncDisposable {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly shop: Shop;
  /** What it is, for whoever reads the report. */
  readonly name: string;
  /** What was started for this run; `null` where the platform was there before. */
  readonly own: OwnTarget | null;
}

export interface OwnTarget {
  readonly platform: BenchPlatform;
  readonly postgres: BenchPostgres;
  readonly broker: Broker | null;
  /** Why there is no broker, where one was asked for. */
  readonly withoutBroker: string | null;
}

/** A platform that is there already. @throws BenchFailure in a sentence, where nothing can be sold there */
export async function foreignTarget(foreign: Foreign): Promise<Target> {
  return {
    baseUrl: foreign.baseUrl,
    apiKey: foreign.apiKey,
    shop: await openForeignShop(foreign),
    name: foreign.baseUrl,
    own: null,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Starts a platform for this run, in one process as `npm start` does, on a database server of its own; where a broker is asked
 * for and can be had, on that. All of it is stopped and removed with the target.
 */
export async function ownTarget(say: (step: string) => void, needs: { kafka: boolean }): Promise<Target> {
  const ground = await Ground.open('load', say);
  try {
    return await started(ground, say, needs);
  } catch (error) {
    await ground[Symbol.asyncDispose]();
    throw error;
  }
}

async function started(ground: Ground, say: (step: string) => void, { kafka }: { kafka: boolean }): Promise<Target> {
  const { folder, postgres } = ground;
  const withoutBroker = (kafka && whyMissing('kafka')) || null;
  const broker = kafka && withoutBroker === null ? await Broker.start(join(folder, 'kafka')) : null;
  if (broker) ground.defer(() => broker.stop());
  say('starting the platform');
  const settings = broker ? { KAFKA_BROKERS: broker.brokers } : {};
  const platform = await BenchPlatform.start({ name: 'load', folder, postgres, settings });
  ground.defer(() => platform.stop());
  const { baseUrl, apiKey } = platform.demo;
  return {
    baseUrl,
    apiKey,
    shop: await openShop(platform.demo),
    name: `started for this run: all services in one process, PostgreSQL ${postgres.version}${broker ? ', Kafka' : ''}`,
    own: { platform, postgres, broker, withoutBroker },
    [Symbol.asyncDispose]: () => ground[Symbol.asyncDispose](),
  };
}

/** A broker that can be killed, and comes back where it was. */
class Broker {
  private constructor(
    private readonly folder: string,
    private broker: KafkaBroker,
  ) {}

  static async start(folder: string): Promise<Broker> {
    return new Broker(folder, await startKafka({ folder }));
  }

  get brokers(): string {
    return this.broker.brokers;
  }

  async kill(): Promise<void> {
    process.kill(this.broker.pid, 'SIGKILL');
    await this.broker.stop();
  }

  async startAgain(): Promise<void> {
    this.broker = await startKafka({ folder: this.folder });
  }

  stop(): Promise<void> {
    return this.broker.stop();
  }
}
