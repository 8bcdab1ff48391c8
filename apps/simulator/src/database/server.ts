import type { World } from '../world/world.js';
import type { Backend, Backends, Reply, Statement } from './backends.js';
import type { Session } from './session.js';

/** The database of one service as a seed sees it: real tables and locks, in simulated time, on a machine that may crash. */
export class DatabaseServer {
  readonly sessions = new Set<Session>();
  /** Those that wait for locks, as they came. */
  readonly #waiting = new Set<Backend>();
  /** How often something was written. */
  writes = 0;
  readonly #listeners = new Map<string, Map<Session, () => void>>();
  readonly #remembered = new Map<string, { readonly writes: number; readonly reply: Reply }>();
  #upAgain = 0;

  constructor(
    readonly world: World,
    /** The service that it belongs to. */
    readonly name: string,
    /** What it is called on the real server. */
    readonly database: string,
    readonly backends: Backends,
  ) {}

  get isUp(): boolean {
    return this.world.now >= this.#upAgain;
  }

  /** As when the machine is switched off: every session ends, and for a while nobody gets in. */
  async crash(downFor: number): Promise<void> {
    this.world.note(`the database of ${this.name} crashes for ${downFor} ms`);
    this.#upAgain = this.world.now + downFor;
    for (const session of this.sessions) await session.crash();
    await this.#loseWhatWasNotOnDisk();
  }

  /**
   * Has a backend carry out statements, one after the other.
   * @returns whether the last of them waits for a lock
   */
  async carryOut(backend: Backend, ...statements: readonly Statement[]): Promise<boolean> {
    const { backends } = this;
    const waits = await backends.whileOthersStand([...this.#waiting], () =>
      backends.settle(backend, backend.send(...statements)),
    );
    if (waits) this.#waiting.add(backend);
    return waits;
  }

  /** Looks whether a backend waits no more. */
  async hasCome(backend: Backend): Promise<boolean> {
    const waits = await this.backends.settle(backend);
    if (!waits) this.#waiting.delete(backend);
    return !waits;
  }

  /** Has a backend that waits give up. */
  async cancel(backend: Backend): Promise<void> {
    this.#waiting.delete(backend);
    await this.backends.whileOthersStand([...this.#waiting], () => this.backends.cancel(backend));
  }

  /** Ends what a session left behind: its transaction, locks and settings. */
  async release(backend: Backend): Promise<void> {
    await this.carryOut(backend, { text: 'rollback; select pg_advisory_unlock_all(); reset all' });
    this.backends.giveBack(backend);
  }

  /** Its world is over: every session ends, and gives back what it held. */
  async close(): Promise<void> {
    for (const session of this.sessions) await session.end();
  }

  /** Somebody's transaction ended: those who waited for it may go on. */
  async wake(): Promise<void> {
    for (const session of this.sessions) await session.look();
  }

  listen(channel: string, session: Session, hear: () => void): void {
    const listeners = this.#listeners.get(channel) ?? new Map<Session, () => void>();
    this.#listeners.set(channel, listeners.set(session, hear));
  }

  deafen(session: Session): void {
    for (const listeners of this.#listeners.values()) listeners.delete(session);
  }

  notify(channel: string): void {
    for (const hear of this.#listeners.get(channel)?.values() ?? []) this.world.after(this.world.latency(), hear);
  }

  /** What a statement that only reads came to, as long as nothing has been written since: idle polls cost nothing. */
  remembered(statement: string): Reply | undefined {
    const known = this.#remembered.get(statement);
    return known?.writes === this.writes ? known.reply : undefined;
  }

  remember(statement: string, reply: Reply): void {
    this.#remembered.set(statement, { writes: this.writes, reply });
  }

  /** What the relay notes does not wait for the disk: what it noted last is forgotten. */
  async #loseWhatWasNotOnDisk(): Promise<void> {
    const lost = new Date(this.world.now - NOT_ON_DISK).toISOString();
    await this.backends.administer(
      this.database,
      `update outbox set published_at = null where published_at > '${lost}'`,
    );
    this.writes++;
  }
}

/** Milliseconds of commits that a crash may lose where a commit does not wait for the disk. */
const NOT_ON_DISK = 300;
