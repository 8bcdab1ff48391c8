import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used, as the operating system counts it. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Milliseconds of processor, its own. */
  readonly own: number;
  /** Milliseconds of its children that have ended, where the system tells. */
  readonly reaped: number;
}

/** Milliseconds of processor that a process, and with it all of its children, has used so far. */
export function cpuOf(pid: number, { family = false } = {}): number {
  return cpuIn(processTimes(), pid, family);
}

/** The same, from a list of all processes. */
export function cpuIn(times: readonly ProcessTimes[], pid: number, family: boolean): number {
  const me = times.find((each) => each.pid === pid);
  if (!me) return 0;
  if (!family) return me.own;
  const children = times.filter(({ parent }) => parent === pid);
  return children.reduce((sum, child) => sum + cpuIn(times, child.pid, true), me.own + me.reaped);
}

/** Bytes of memory that a process holds. */
export function residentMemory(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) * 1024;
}

function processTimes(): ProcessTimes[] {
  if (process.platform !== 'linux')
    return parsePs(execFileSync('ps', ['-axo', 'pid=,ppid=,time='], { encoding: 'utf8' }));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        return []; // it has ended since
      }
    });
}

/** Linux counts in hundredths of a second, on every architecture it still runs on. */
const TICK = 10;

/** A line of `/proc/<pid>/stat`: see proc(5). The program's name, in parentheses, may hold anything. */
export function parseStat(line: string): ProcessTimes {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const number = (index: number): number => Number(fields[index]);
  return {
    pid: Number(line.slice(0, line.indexOf(' '))),
    parent: number(1),
    own: (number(11) + number(12)) * TICK,
    reaped: (number(13) + number(14)) * TICK,
  };
}

/** What `ps -axo pid=,ppid=,time=` prints: `[[days-]hours:]minutes:seconds[.hundredths]`. */
export function parsePs(text: string): ProcessTimes[] {
  return text
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(line))
    .flatMap((found) => {
      if (!found) return [];
      const [, pid, parent, days = '0', clock = ''] = found;
      const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
      return [{ pid: Number(pid), parent: Number(parent), own: (Number(days) * 86_400 + seconds) * 1000, reaped: 0 }];
    });
}
