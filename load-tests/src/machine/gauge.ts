import { availableParallelism, cpus } from 'node:os';
import { diskBusy } from './disk.js';
import { type Metered, meter } from './meter.js';

/** What a while of load asked of a machine: processors that were busy, on average. */
export interface Load {
  /** This client; the platform and its database where they run here for the load. */
  readonly client: number;
  readonly platform: number | null;
  readonly postgres: number | null;
  /** Everything on this machine, and how many processors it has. */
  readonly machine: number;
  readonly processors: number;
  /** The share of the time in which the busiest disk had something to do; `null` where the system does not tell. */
  readonly disk: number | null;
}

export interface Gauge {
  /** Begins to look; what it returns tells what the load was since. */
  begin(): () => Load;
}

/** @param processes what to look at; those of a platform elsewhere cannot be */
export const openGauge = (processes: () => Metered | null): Gauge => ({
  begin() {
    const metered = processes();
    const used = meter(metered ?? { platform: 0, postgres: null });
    const [since, busy, disk] = [performance.now(), busyMachine(), diskBusy()];
    return () => {
      const passed = performance.now() - since;
      const { client, platform, postgres } = used();
      const diskNow = diskBusy();
      return {
        client: client / passed,
        platform: metered && platform / passed,
        postgres: postgres === null || postgres < 0 ? null : postgres / passed, // less than before: it is another process now
        machine: (busyMachine() - busy) / passed,
        processors: availableParallelism(),
        disk: disk && diskNow && busiest(disk, diskNow) / passed,
      };
    };
  },
});

/** Milliseconds in which processors of this machine did something, all together. */
const busyMachine = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

const busiest = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number =>
  Math.max(0, ...[...now].map(([name, busy]) => busy - (before.get(name) ?? busy)));
