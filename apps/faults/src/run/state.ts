import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Outcome } from './play.js';

interface Asked {
  readonly only?: readonly string[] | undefined;
  readonly kills?: number | undefined;
  readonly seed?: number | undefined;
}

interface Notes {
  readonly asked: string;
  readonly seed: number;
  readonly done: Record<string, Outcome>;
}

/** What a run has done so far, so that one which was interrupted goes on where it was. */
export class State {
  private constructor(
    private readonly file: string,
    private readonly notes: Notes,
  ) {}

  /** Finds the notes of the same command, unless it is to begin afresh. */
  static async open(file: string, asked: Asked, fresh: boolean): Promise<State> {
    const same = JSON.stringify(asked);
    const seed = asked.seed ?? Math.floor(Math.random() * 1_000_000_000);
    const known = fresh ? undefined : await read(file);
    return new State(file, known?.asked === same ? known : { asked: same, seed, done: {} });
  }

  get seed(): number {
    return this.notes.seed;
  }

  done(name: string): Outcome | undefined {
    return this.notes.done[name];
  }

  async note(name: string, outcome: Outcome): Promise<void> {
    this.notes.done[name] = outcome;
    await mkdir(dirname(this.file), { recursive: true });
    await writeFile(this.file, `${JSON.stringify(this.notes, null, 2)}\n`);
  }
}

async function read(file: string): Promise<Notes | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Notes;
  } catch {
    return undefined;
  }
}
