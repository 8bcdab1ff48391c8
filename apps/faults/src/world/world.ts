import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceName, SERVICES } from '@comanda/contracts';
import { EmbeddedPostgresError, freePort } from '@comanda/embedded';
import { FaultyLine, whyMissing } from '@comanda/testing/servers';
import { Broken, CannotRun } from '../broken.js';
import { begin, type Ended, type Running } from './command.js';
import { packPrograms, programOf } from './programs.js';
import type { Scenario } from '../run/scenario.js';
import { Kafka, Postgres, Redis } from './servers.js';
import { SmallDisk } from './small-disk.js';
import { ServiceProcess } from './service-process.js';

/** What the demo chain is found by. */
export interface Demo {
  readonly organizationId: string;
  readonly apiKey: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
}

/**
 * A whole platform as a chain runs it: every service a process of its own, PostgreSQL, Kafka, Redis, and a payment
 * provider with books on a server of its own. What the services reach, they reach over lines that can fail.
 */
export class World {
  readonly services = new Map<ServiceName, ServiceProcess>();
  readonly ports = new Map<ServiceName, number>();
  demo!: Demo;
  /** The provider's process. */
  provider: ServiceProcess | undefined;
  providerLine!: FaultyLine & { readonly url: string };
  #providerPort = 0;
  #programOf = programOf;

  private constructor(
    readonly folder: string,
    readonly postgres: Postgres,
    readonly books: Postgres,
    readonly kafka: Kafka,
    readonly redis: Redis,
    /** Where PostgreSQL’s files are, in a world that has one. */
    readonly smallDisk: SmallDisk | undefined,
  ) {}

  /**
   * Starts everything, with the demo chain in it.
   * @throws CannotRun naming the server that cannot be had
   */
  static async open(say: (step: string) => void, needs?: Scenario['needs']): Promise<World> {
    for (const what of ['kafka', 'redis'] as const) {
      const reason = whyMissing(what);
      if (reason) throw new CannotRun(`The faults need ${what}: ${reason}.`);
    }
    const folder = await mkdtemp(join(tmpdir(), 'comanda-faults-'));
    await chmod(folder, 0o755); // PostgreSQL may run as a user of its own
    const smallDisk = needs === 'a small disk' ? SmallDisk.mount(join(folder, 'disk'), 700) : undefined;
    let world: World | undefined;
    try {
      say('starting PostgreSQL, Kafka and Redis');
      const [postgres, books, kafka, redis] = await Promise.all([
        Postgres.start(join(smallDisk?.folder ?? folder, 'postgres')),
        Postgres.start(join(folder, 'books')),
        Kafka.start(join(folder, 'kafka')),
        Redis.start(),
      ]);
      world = new World(folder, postgres, books, kafka, redis, smallDisk);
      await world.#furnish(say);
      return world;
    } catch (error) {
      await world?.close();
      throw error instanceof EmbeddedPostgresError || error instanceof Broken || isOfTheMachine(error)
        ? new CannotRun((error as Error).message)
        : error;
    }
  }

  /** Where a service is asked. */
  urlOf(service: ServiceName): string {
    return `http://127.0.0.1:${this.ports.get(service) ?? 0}`;
  }

  /** The administrator's connection to a service's database. */
  databaseOf(service: ServiceName): string {
    return new URL(`/comanda_${service}`, this.postgres.url).href;
  }

  /** The provider's own address, and what opens it to scripts. */
  get control(): { readonly url: string; readonly key: string } {
    return { url: `http://127.0.0.1:${this.#providerPort}`, key: SECRETS.SANDBOX_PSP_KEY };
  }

  service(name: ServiceName): ServiceProcess {
    const found = this.services.get(name);
    if (!found) throw new Error(`There is no service ${name}.`);
    return found;
  }

  /** Runs a command of the command line to its end, as an operator would beside the services. */
  comanda(...args: string[]): Promise<Ended> {
    return this.begin({}, ...args).ended;
  }

  /** Begins a command with settings of its own. */
  begin(settings: NodeJS.ProcessEnv, ...args: string[]): Running {
    return begin(COMANDA, args, { env: { ...this.environment('direct'), ...settings }, folder: this.folder });
  }

  /** What a process needs to find everything: over the lines, or without them. */
  environment(way: 'by line' | 'direct'): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG } = process.env;
    const direct = way === 'direct';
    return {
      PATH,
      HOME,
      LANG,
      ...SECRETS,
      COMANDA_HOME: join(this.folder, 'home'),
      NODE_COMPILE_CACHE: join(this.folder, 'compiled'),
      LOG_LEVEL: 'info',
      DATABASE_URL: direct ? this.postgres.url : this.postgres.line.url,
      SANDBOX_PSP_DATABASE_URL: new URL('/comanda_sandbox_psp', this.books.url).href,
      KAFKA_BROKERS: direct ? this.kafka.brokers : `127.0.0.1:${this.kafka.line.port}`,
      KAFKA_SESSION_MS: '2000',
      REDIS_URL: direct ? this.redis.url : this.redis.line.url,
    };
  }

  /** Heals every line and starts whatever does not run. */
  async heal(): Promise<void> {
    for (const line of [this.postgres.line, this.kafka.line, this.redis.line, this.providerLine]) line.heal();
    await Promise.all([...this.services.values()].filter(({ isRunning }) => !isRunning).map((each) => each.start()));
  }

  async close(): Promise<void> {
    const processes = [...this.services.values(), ...(this.provider ? [this.provider] : [])];
    await Promise.all(processes.map((each) => each.stop()));
    this.providerLine.close();
    await Promise.all([this.kafka.stop(), this.redis.stop(), this.postgres.stop(), this.books.stop()]);
    for (const each of processes) each.close();
    this.smallDisk?.unmount();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #furnish(say: (step: string) => void): Promise<void> {
    await mkdir(join(this.folder, 'home'));
    this.#providerPort = await freePort();
    this.providerLine = await FaultyLine.to(`http://127.0.0.1:${this.#providerPort}`);
    say('loading the demo chain');
    [this.#programOf] = await Promise.all([
      packPrograms([...SERVICES, PROVIDER], join(this.folder, 'programs')),
      this.#loadDemo(),
    ]);
    for (const name of SERVICES) this.ports.set(name, await freePort());
    say('starting the services');
    this.provider = this.#process(PROVIDER, this.#providerPort, {
      SANDBOX_PSP_WEBHOOK_URL: `${this.urlOf('payments')}/v1/payments/providers/sandbox/webhooks`,
    });
    await this.provider.start();
    for (const [name, port] of this.ports) this.services.set(name, this.#process(name, port, {}));
    await Promise.all([...this.services.values()].map((service) => service.start()));
  }

  /** The platform in one process migrates and loads it, as on a laptop; then the services take over. */
  async #loadDemo(): Promise<void> {
    const env = { ...this.environment('direct'), PORT: '0' };
    const folder = this.folder;
    const platform = new ServiceProcess({
      name: 'platform',
      program: COMANDA,
      args: ['start'],
      env,
      folder,
      ready: 'Comanda is running.',
    });
    await platform.start();
    this.demo = JSON.parse(await readFile(join(folder, 'home', 'demo.json'), 'utf8')) as Demo;
    await platform.stop();
    platform.close();
  }

  #process(name: string, port: number, settings: NodeJS.ProcessEnv): ServiceProcess {
    return new ServiceProcess({
      name,
      program: this.#programOf(name),
      env: {
        ...this.environment('by line'),
        PORT: String(port),
        CATALOG_URL: this.urlOf('catalog'),
        SANDBOX_PSP_URL: this.providerLine.url.replace(/\/$/, ''),
        ...settings,
      },
      folder: this.folder,
      ready: 'listening',
    });
  }
}

const COMANDA = programOf('comanda');
const PROVIDER = 'sandbox-psp';

const SECRETS = {
  COMANDA_SECRET: 'a secret that only faults know, and long enough',
  SANDBOX_PSP_KEY: 'a key that only faults know',
  SANDBOX_PSP_WEBHOOK_SECRET: `whsec_${Buffer.from('what webhooks are signed with here').toString('base64')}`,
};

const isOfTheMachine = (error: unknown): boolean =>
  ['ENOSPC', 'EADDRINUSE', 'EMFILE', 'EACCES', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
