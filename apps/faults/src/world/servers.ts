import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type EmbeddedPostgres, freePort, startEmbeddedPostgres } from '@comanda/embedded';
import { FaultyLine, type KafkaBroker, type RedisServer, startKafka, startRedis } from '@comanda/testing/servers';

type Line = FaultyLine & { readonly url: string };

/** A real PostgreSQL that survives a crash of itself, and the line on which the services reach it. */
export class Postgres {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
    readonly line: Line,
  ) {}

  static async start(folder: string): Promise<Postgres> {
    const server = await startEmbeddedPostgres({ folder, settings: SETTINGS });
    return new Postgres(folder, server, await FaultyLine.to(server.url));
  }

  /** The administrator's URL, without the line. */
  get url(): string {
    return this.server.url;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** `SIGINT` ends sessions and writes everything down; `SIGQUIT` is a crash, and the next start recovers. */
  async end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    process.kill(this.server.pid, signal);
    await this.server.ended;
  }

  /** Whether it has ended by itself; that may be a moment away. */
  async hasEnded(): Promise<boolean> {
    return Promise.race([this.server.ended.then(() => true), pause(2_000, false)]);
  }

  /** Starts it where it was. Resolves when it answers. */
  async startAgain(): Promise<void> {
    const { port } = this.server;
    this.server = await startEmbeddedPostgres({ folder: this.folder, port, settings: SETTINGS });
  }

  async stop(): Promise<void> {
    this.line.close();
    await this.server.stop();
  }
}

/** An acknowledged commit is in the hands of the operating system: it survives every end of a process, if not of the machine. */
const SETTINGS = { fsync: false, synchronous_commit: true, max_connections: 300, shared_buffers: '128MB' };

/** A real broker, and the line on which the services reach it. */
export class Kafka {
  private constructor(
    private readonly folder: string,
    private readonly byLine: { port: number; line: number },
    private broker: KafkaBroker,
    readonly line: Line,
  ) {}

  static async start(folder: string): Promise<Kafka> {
    const port = await freePort();
    const line = await FaultyLine.to(`tcp://127.0.0.1:${port}`);
    const byLine = { port, line: line.port };
    return new Kafka(folder, byLine, await startKafka({ folder, byLine }), line);
  }

  /** Without the line. */
  get brokers(): string {
    return this.broker.brokers;
  }

  /** Ends it, kindly or not. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    process.kill(this.broker.pid, signal);
    await this.broker.stop();
  }

  /** Starts it where it was. Resolves when it answers. */
  async startAgain(): Promise<void> {
    this.broker = await startKafka({ folder: this.folder, byLine: this.byLine });
  }

  /** Loses all that it knew, as when its volume is gone. It must have ended. */
  async loseEverything(): Promise<void> {
    await rm(join(this.folder, 'log'), { recursive: true });
    await rm(join(this.folder, 'server.properties'));
  }

  async stop(): Promise<void> {
    this.line.close();
    await this.broker.stop();
  }
}

/** A real Redis, and the line on which the services reach it. */
export class Redis {
  private constructor(
    private server: RedisServer,
    readonly line: Line,
  ) {}

  static async start(): Promise<Redis> {
    const server = await startRedis();
    return new Redis(server, await FaultyLine.to(server.url));
  }

  get url(): string {
    return this.server.url;
  }

  /** Forgets everything. */
  async flush(): Promise<void> {
    const { hostname, port } = new URL(this.server.url);
    const socket = connect(Number(port), hostname);
    socket.end('FLUSHALL\r\nQUIT\r\n');
    await once(socket.resume(), 'close');
  }

  async end(): Promise<void> {
    await this.server.stop();
  }

  async startAgain(): Promise<void> {
    this.server = await startRedis({ port: Number(new URL(this.server.url).port) });
  }

  async stop(): Promise<void> {
    this.line.close();
    await this.server.stop();
  }
}
