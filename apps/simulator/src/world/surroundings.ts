import { createRequire, syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Appointment } from './agenda.js';
import { processOfNow, type SimulatedProcess } from './world.js';

/**
 * Gives code that runs in a simulated process that world's time and chance: `Date`, timers, `performance.now`, immediates,
 * `AbortSignal.timeout` and `Math.random`. Everything else in this process goes on with the real ones.
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
  eventLoopUtilization: performance.eventLoopUtilization.bind(performance),
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
  // How busy this machine is must not decide what happens in a world.
  performance.eventLoopUtilization = (...before) => (processOfNow() ? AT_EASE : real.eventLoopUtilization(...before));
}

const AT_EASE = { idle: 1, active: 0, utilization: 0 };

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

/** Random bytes stay real: they make ids and keys differ, and ids of one world sort by its time and their count. */
function installChance(): void {
  Math.random = () => processOfNow()?.world.luck() ?? real.random();
}

/** A CommonJS module as a package of ours loads it, to be changed before anybody does. */
export const moduleOf = (owner: string, name: string): Record<string, unknown> =>
  createRequire(import.meta.resolve(owner))(name) as Record<string, unknown>;
