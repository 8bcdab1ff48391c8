import type { World } from '../world/world.js';
import type { Backends, Reply } from './backends.js';
import type { Session } from './session.js';

/** The database of one service as a seed sees it: real tables and locks, in simulated time, on a machine that may crash. */
export class DatabaseServer {
  readonly sessions = new Set<Session>();
  /** How often something was written. */
  writes = 0;
  readonly #listeners = new Map<string, Map<Session, () => void>>();
  readonly #remembered = new Map<string, { readonly writes: number; readonly reply: Reply }>();
  #upAgain = 0;

  constructor(
    readonly world: World,
    readonly name: string,
    readonly backends: Backends,
  ) {}

  get isUp(): boolean {
    return this.world.now >= this.#upAgain;
  }

  /** As when the machine is switched off: every session ends, and for a while nobody gets in. */
  async crash(downFor: number): Promise<void> {
    this.world.note(`${this.name} crashes for ${downFor} ms`);
    this.#upAgain = this.world.now + downFor;
    for (const session of this.sessions) await session.crash();
    await this.#loseWhatWasNotOnDisk();
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
    await this.backends.administer(this.name, `update outbox set published_at = null where published_at > '${lost}'`);
    this.writes++;
  }
}

/** Milliseconds of commits that a crash may lose where a commit does not wait for the disk. */
const NOT_ON_DISK = 300;
