import type { Load } from '../machine/gauge.js';

/** What had nothing left to give. */
export type Resource = 'client' | 'platform' | 'machine' | 'disk';

/** A process with one event loop has nothing left at one processor; some of what it uses is beside the loop. */
const LOOP_IS_FULL = 0.9;
/** A machine has nothing left a little before all of its processors are busy: whoever comes waits for a turn. */
const MACHINE_IS_FULL = 0.93;
const DISK_IS_FULL = 0.95;

/**
 * What was at its end in a while of load: this client first, for then nothing is known of the platform; then the platform's own
 * process, the machine, the disk. `null` where nothing was.
 */
export function saturated({ client, platform, machine, processors, disk }: Load): Resource | null {
  if (client >= LOOP_IS_FULL) return 'client';
  if (platform !== null && platform >= LOOP_IS_FULL) return 'platform';
  if (machine >= MACHINE_IS_FULL * processors) return 'machine';
  if (disk !== null && disk >= DISK_IS_FULL) return 'disk';
  return null;
}

/** A sentence that says what was at its end first, and who used it; `null` where nothing was. */
export function firstSaturated(steps: readonly { readonly name: string; readonly load: Load }[]): string | null {
  for (const { name, load } of steps) {
    const resource = saturated(load);
    if (resource) return `In "${name}" ${SENTENCE[resource]}: ${users(load)}.`;
  }
  return null;
}

const SENTENCE: Readonly<Record<Resource, string>> = {
  client: 'this client was at its end, so it measured itself',
  platform: 'the event loop of the platform’s process was full',
  machine: 'all processors of the machine were busy',
  disk: 'the disk was busy all the time',
};

function users({ client, platform, postgres, machine, processors, disk }: Load): string {
  const told = (who: string, used: number | null): string[] => (used === null ? [] : [`${who} ${hundredths(used)}`]);
  const others = machine - client - (platform ?? 0) - (postgres ?? 0);
  return [
    ...told('platform', platform),
    ...told('PostgreSQL', postgres),
    ...told('client', client),
    ...told('everything else', Math.max(0, others)),
    `of ${processors} processors`,
    ...(disk === null ? [] : [`disk ${Math.round(disk * 100)} %`]),
  ].join(', ');
}

const hundredths = (used: number): string =>
  used.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
