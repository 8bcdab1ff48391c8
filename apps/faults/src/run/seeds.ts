import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { programOf } from '../world/programs.js';

/** What came of the simulator's seeds. */
export interface Seeds {
  readonly seeds: number;
  readonly failingSeeds: readonly number[];
}

/** Where a long run begins, and how it goes on. */
export interface SeedsAsked {
  readonly seeds: number;
  readonly from: number;
  /** Which seeds are done is noted there. */
  readonly progress: string;
  readonly fresh: boolean;
}

/** Has the simulator play its seeds; it tells on stderr how far it is, and of what fails how to see it again. */
export async function playSeeds({ seeds, from, progress, fresh }: SeedsAsked): Promise<Seeds> {
  if (fresh) await rm(progress, { force: true });
  const options = ['--seeds', String(seeds), '--from', String(from), '--progress', progress, '--json'];
  const child = spawn(process.execPath, [programOf('simulator'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  const start = said.indexOf('{');
  if (start < 0) throw new Error(`The simulator ended with ${child.exitCode} and said nothing.`);
  return JSON.parse(said.slice(start)) as Seeds;
}
