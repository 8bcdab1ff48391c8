import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bundledRules } from '../../observe/prometheus.js';

/**
 * Writes the alert rules to a folder, on a clock on which a minute lasts a second: windows, patience (`for`) and ages that are
 * compared are a sixtieth of what they are. Nothing else is changed: names, expressions and labels are those that people are woken by.
 */
export async function hurriedRules(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    (await bundledRules()).map(async (file) => {
      const hurried = join(folder, basename(file));
      await writeFile(hurried, hurry(await readFile(file, 'utf8')));
      return hurried;
    }),
  );
}

export const hurry = (rules: string): string =>
  rules
    .replaceAll(/(\[|for: )(\d+)([mhdw])/g, (_, before: string, count: string, unit: string) => {
      const minutes = Number(count) * (MINUTES[unit] ?? 1);
      return `${before}${minutes}s`;
    })
    .replaceAll(/(_seconds\)? > )(\d+)\b/g, (_, before: string, seconds: string) => `${before}${Number(seconds) / 60}`);

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440, w: 10_080 };
