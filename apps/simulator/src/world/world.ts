import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, type Hash } from 'node:crypto';
import { Agenda, type Appointment } from './agenda.js';
import type { Chances } from './chances.js';
import { Random } from './random.js';

/** What one seed is run in: its time, its chance, and how much goes wrong. */
export class World {
  readonly agenda: Agenda;
  /** Chance, a stream for each purpose: what one asks more often does not change what another gets. */
  readonly chance: Readonly<Record<'times' | 'faults' | 'plan', Random>>;
  readonly #trace: Hash = createHash('sha256');
  readonly #told: string[] | undefined;
  #drawnAt = Number.NaN;
  #draws = 0;
  /** How much goes wrong; nothing once the world has healed. */
  chances: Chances;

  constructor(
    readonly seed: number,
    readonly start: number,
    chances: Chances,
    { tell = false }: { tell?: boolean } = {},
  ) {
    this.agenda = new Agenda(start);
    this.chances = chances;
    const stream = (purpose: string) => new Random(`${seed} ${purpose}`);
    this.chance = {
      times: stream('times'),
      faults: stream('faults'),
      plan: stream('plan'),
    };
    this.#told = tell ? [] : undefined;
  }

  get now(): number {
    return this.agenda.now;
  }

  after(delay: number, run: () => unknown): Appointment {
    return this.agenda.after(delay, run);
  }

  /** How long a message takes, or a statement: mostly about a millisecond, sometimes long. */
  latency(): number {
    const { times } = this.chance;
    if (times.chance(this.chances.stall)) return times.between(500, 4_000);
    if (times.chance(this.chances.slow)) return times.between(20, 400);
    return 0.2 + times.next() * 2;
  }

  /**
   * Chance for the code inside: of this moment, and of how often it was asked for in it. Libraries draw some ahead, and what
   * they have left over from the seed before must not change what others get.
   */
  luck(): number {
    this.#draws = this.now === this.#drawnAt ? this.#draws + 1 : 0;
    this.#drawnAt = this.now;
    return new Random(`${this.seed} ${this.now - this.start} ${this.#draws}`).next();
  }

  /** Whether something goes wrong now. */
  fails(probability: number): boolean {
    return probability > 0 && this.chance.faults.chance(probability);
  }

  /** Notes what happened. Two runs of a seed note the same: nothing that a run makes up for itself may be in it. */
  note(what: string): void {
    const line = `${Math.round((this.now - this.start) * 1_000) / 1_000} ${what}`;
    this.#trace.update(`${line}\n`);
    this.#told?.push(line);
  }

  /** What happened, as one hash; and line by line where that was asked for. */
  get trace(): { readonly hash: string; readonly lines: readonly string[] } {
    return { hash: this.#trace.copy().digest('hex'), lines: this.#told ?? [] };
  }
}

/**
 * A process of the simulated world: a service, or somebody who uses it. Killed, it is gone at once: its timers never fire,
 * nothing it waits for comes, and what it holds is given up by others, who notice.
 */
export class SimulatedProcess {
  readonly #losses = new Set<() => void>();
  #alive = true;

  constructor(
    readonly world: World,
    readonly name: string,
  ) {}

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs code as this process, as long as it lives. */
  run<T>(code: () => T): T | undefined {
    return this.#alive ? running.run(this, code) : undefined;
  }

  /** What others notice when it dies. Returns how to take that back. */
  onLoss(notice: () => void): () => void {
    this.#losses.add(notice);
    return () => this.#losses.delete(notice);
  }

  /** As `kill -9`. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.world.note(`${this.name} is killed`);
    for (const notice of this.#losses) notice();
    this.#losses.clear();
  }
}

const running = new AsyncLocalStorage<SimulatedProcess>();

/** The process that this code runs in; undefined outside of the simulated world. */
export const processOfNow = (): SimulatedProcess | undefined => running.getStore();
