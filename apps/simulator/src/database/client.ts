import { EventEmitter } from 'node:events';
import type { ClientConfig } from 'pg';
import type { SimulatedProcess } from '../world/world.js';
import type { Reply, Statement } from './backends.js';
import type { DatabaseServer } from './server.js';
import { Session } from './session.js';
import { type Target, targetOf } from './target.js';

type Told = (error: Error | undefined, result?: unknown) => void;

/** Finds the database that a client of a simulated world connects to. */
export type FindServer = (process: SimulatedProcess, database: string) => DatabaseServer;

/**
 * The driver's `Client` as code of the simulated world gets it: the same calls, the same errors, on sessions that may be
 * slow, cut or lost.
 */
export class SimulatedClient extends EventEmitter {
  // What pg's own pool looks at.
  _queryable = true;
  _ending = false;
  readonly connection = { stream: { destroy: () => this.#drop(), cork() {}, uncork() {} } };
  readonly #target: Target;
  readonly #process: SimulatedProcess;
  #server: DatabaseServer | undefined;
  #session: Session | undefined;
  #connected = false;

  constructor(
    config: ClientConfig | string,
    process: SimulatedProcess,
    private readonly findServer: FindServer,
  ) {
    super();
    this.#target = targetOf(config);
    this.#process = process;
  }

  isConnected(): boolean {
    return this.#session !== undefined;
  }

  ref(): void {}
  unref(): void {}

  connect(told?: Told): Promise<void> | undefined {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const world = this.#process.world;
    this.#server = this.findServer(this.#process, this.#target.database);
    const server = this.#server;
    world.after(world.latency(), async () => {
      const refused = !server.isUp || world.fails(world.chances.cutBefore);
      if (!refused && this.#process.alive)
        this.#session = await Session.open(server, this.#target, this.#process, (error) => this.#lose(error));
      if (this.#session)
        this.#session.onNotification = (channel) => this.emit('notification', { channel, payload: '' });
      world.after(world.latency(), () => {
        this.#connected = !refused;
        this.#process.run(() => (refused ? reject(REFUSED()) : resolve()));
      });
    });
    if (!told) return promise;
    promise.then(
      () => told(undefined),
      (error: Error) => told(error),
    );
    return undefined;
  }

  query(asked: string | (Statement & { values?: unknown[] }), given?: unknown, last?: Told): unknown {
    const told = (typeof given === 'function' ? given : last) as Told | undefined;
    const statement: Statement = typeof asked === 'string' ? { text: asked } : asked;
    const values = Array.isArray(given) ? (given as unknown[]) : statement.values;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const tell = (reply: Reply): void => ('error' in reply ? reject(reply.error) : resolve(reply.result));
    if (this.#session && this._queryable)
      this.#session.send({ text: statement.text, name: statement.name, values: frozen(values) }, tell);
    else queueMicrotask(() => reject(new Error('Client was closed and is not queryable')));
    if (!told) return promise;
    promise.then(
      (result) => told(undefined, result),
      (error: Error) => told(error),
    );
    return undefined;
  }

  end(told?: () => void): Promise<void> | undefined {
    this._ending = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const world = this.#process.world;
    world.after(world.latency(), async () => {
      await this.#session?.end();
      this.#process.run(() => {
        this._queryable = false;
        resolve();
        this.emit('end');
      });
    });
    if (!told) return promise;
    void promise.then(told);
    return undefined;
  }

  #lose(error: Error): void {
    this._queryable = false;
    if (this.#connected && !this._ending) this.emit('error', error);
    this.emit('end');
  }

  #drop(): void {
    const session = this.#session;
    if (session) this.#process.world.after(0, () => session.cut());
  }
}

/** Values as they are at this moment: what is done to them afterwards is not sent any more. */
const frozen = (values: unknown[] | undefined): unknown[] | undefined => values && [...values];

const REFUSED = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
