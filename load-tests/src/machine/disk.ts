import { readFileSync } from 'node:fs';

/** Milliseconds that each disk has had something to do since the machine was started; `null` where the system does not tell. */
export function diskBusy(): ReadonlyMap<string, number> | null {
  if (process.platform !== 'linux') return null;
  try {
    return parseDiskStats(readFileSync('/proc/diskstats', 'utf8'));
  } catch {
    return null;
  }
}

/** `/proc/diskstats`, see the kernel's Documentation/admin-guide/iostats.rst: the tenth figure after the name is the time. */
export function parseDiskStats(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , name = '']) => name !== '' && !/^(loop|ram|zram)/.test(name))
      .map(([, , name = '', ...figures]) => [name, Number(figures[9])]),
  );
}
