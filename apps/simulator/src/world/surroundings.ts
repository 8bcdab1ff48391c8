import crypto from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Appointment } from './agenda.js';
import { processOfNow, type SimulatedProcess } from './world.js';

/**
 * Gives code that runs in a simulated process that world's time and chance: `Date`, timers, `performance.now`, immediates,
 * `AbortSignal.timeout`, `Math.random` and random bytes. Everything else in this process goes on with the real ones.
 */
export function installSurroundings(): void {
  installTime();
  installTimers();
  installChance();
  syncBuiltinESMExports();
}

const RealDate = Date;
const real = {
  now: Date.now.bind(Date),
  performanceNow: performance.now.bind(performance),
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval,
  clearImmediate,
  timeout: AbortSignal.timeout.bind(AbortSignal),
  sleep: timers.setTimeout,
  random: Math.random.bind(Math),
};

function installTime(): void {
  Date.now = () => {
    const world = processOfNow()?.world;
    return world ? Math.floor(world.now) : real.now();
  };
  globalThis.Date = new Proxy(RealDate, {
    construct(target, given: unknown[], newTarget) {
      const instant = given.length === 0 ? [Date.now()] : given;
      return Reflect.construct(target, instant, newTarget) as Date;
    },
  });
  performance.now = () => {
    const world = processOfNow()?.world;
    return world ? world.now - world.start : real.performanceNow();
  };
}

/** A timer of a simulated process. Node's have these methods, and code uses some of them. */
class SimulatedTimer {
  #appointment: Appointment | undefined;

  constructor(
    private readonly process: SimulatedProcess,
    private readonly every: number | undefined,
    private readonly delay: number,
    private readonly call: () => void,
  ) {
    this.refresh();
  }

  refresh(): this {
    this.close();
    this.#appointment = this.process.world.after(this.delay, () => {
      if (this.every !== undefined) this.refresh();
      this.process.run(this.call);
    });
    return this;
  }

  close(): this {
    this.#appointment?.cancel();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}

type Callback = (...given: unknown[]) => void;

function installTimers(): void {
  const timer =
    (fallBack: (call: Callback, delay?: number, ...given: unknown[]) => unknown, repeats: boolean, least: number) =>
    (call: Callback, delay: unknown, ...given: unknown[]): unknown => {
      const process = processOfNow();
      if (!process) return fallBack(call, delay as number, ...given);
      const wait = Math.max(least, Number(delay) || 0);
      return new SimulatedTimer(process, repeats ? wait : undefined, wait, () => call(...given));
    };
  const clear =
    (fallBack: (timer: never) => void) =>
    (timer: unknown): void =>
      timer instanceof SimulatedTimer ? void timer.close() : fallBack(timer as never);
  const immediate = timer((call, first, ...given) => real.setImmediate(call, first, ...given), false, 0);
  Object.assign(globalThis, {
    setTimeout: timer(real.setTimeout, false, 1),
    setInterval: timer(real.setInterval, true, 1),
    setImmediate: (call: Callback, ...given: unknown[]) =>
      processOfNow() ? immediate(call, 0, ...given) : real.setImmediate(call, ...given),
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
    clearImmediate: clear(real.clearImmediate),
  });
  AbortSignal.timeout = (milliseconds) => {
    if (!processOfNow()) return real.timeout(milliseconds);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), milliseconds);
    return controller.signal;
  };
  timers.setTimeout = ((delay, value, options) =>
    processOfNow()
      ? sleep(delay ?? 1, value, options?.signal)
      : real.sleep(delay, value, options)) as typeof real.sleep;
}

function sleep<T>(delay: number, value: T, signal: AbortSignal | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = (): void => {
    clearTimeout(timer);
    reject(new DOMException('The operation was aborted', 'AbortError'));
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', abort);
    resolve(value);
  }, delay);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  return promise;
}

/**
 * Ids must not come again in the same database, and must sort alike in two runs of a seed: of the sixteen bytes behind an id
 * the first ten are the seed's, the last six the run's.
 */
function installChance(): void {
  Math.random = () => processOfNow()?.world.chance.code.next() ?? real.random();
  const fill = <Bytes extends NodeJS.ArrayBufferView>(bytes: Bytes): Bytes | undefined => {
    const world = processOfNow()?.world;
    if (!world) return undefined;
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const own = world.run;
    for (let at = 0; at < view.length; at++)
      view[at] = at % 16 < 10 ? world.chance.ids.between(0, 255) : (own[at % 16] ?? 0);
    return bytes;
  };
  const [randomFillSync, getRandomValues] = [crypto.randomFillSync, crypto.webcrypto.getRandomValues];
  const { randomUUID, randomBytes } = crypto;
  const values = ((bytes: Uint8Array) => fill(bytes) ?? getRandomValues.call(crypto.webcrypto, bytes)) as never;
  crypto.randomFillSync = ((bytes: Buffer, ...more: number[]) =>
    fill(bytes) ?? randomFillSync(bytes, ...more)) as typeof randomFillSync;
  globalThis.crypto.getRandomValues = values;
  const uuid = (): crypto.UUID | undefined => {
    const bytes = fill(Buffer.alloc(16));
    if (!bytes) return undefined;
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
      '-',
    ) as crypto.UUID;
  };
  crypto.randomUUID = (options) => uuid() ?? randomUUID(options);
  globalThis.crypto.randomUUID = crypto.randomUUID;
  crypto.randomBytes = ((size: number, call?: never) =>
    (call === undefined ? fill(Buffer.alloc(size)) : undefined) ??
    (randomBytes as (size: number, call?: never) => Buffer)(size, call)) as typeof randomBytes;
}

/** A CommonJS module as a package of ours loads it, to be changed before anybody does. */
export const moduleOf = (owner: string, name: string): Record<string, unknown> =>
  createRequire(import.meta.resolve(owner))(name) as Record<string, unknown>;
