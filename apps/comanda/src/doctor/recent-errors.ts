import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { Home } from '../platform/home.js';

/** What went wrong lately, kept in the home folder, for whoever asks afterwards: the log's own lines from `warn` on. */
export class RecentErrors implements DestinationStream {
  readonly #file: string;
  #bytes: number;

  constructor(home: Home) {
    this.#file = fileOf(home);
    mkdirSync(home.folder, { recursive: true });
    this.#bytes = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** What cannot be written here is in the log all the same: a full disk must not stop what still works. */
  write(line: string): void {
    try {
      if (this.#bytes > MOST) {
        renameSync(this.#file, `${this.#file}.old`);
        this.#bytes = 0;
      }
      appendFileSync(this.#file, line, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(line);
    } catch {
      this.#bytes = 0;
    }
  }
}

/** The last lines, oldest first. */
export async function recentErrors(home: Home, most: number): Promise<string[]> {
  const texts = await Promise.all(
    [`${fileOf(home)}.old`, fileOf(home)].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return texts.join('').split('\n').filter(Boolean).slice(-most);
}

const MOST = 1024 * 1024;
const fileOf = (home: Home): string => join(home.folder, 'errors.jsonl');
