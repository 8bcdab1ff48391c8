import { open } from 'node:fs/promises';
import { CommandFailure } from './failure.js';

/**
 * Reads a file that somebody named on the command line.
 * @throws CommandFailure when it is a folder, or more than a program holds in one piece
 */
export async function readInput(path: string): Promise<Buffer> {
  await using file = await open(path);
  const about = await file.stat();
  if (about.isDirectory()) throw new CommandFailure(`${path} is a folder, not a file.`);
  if (about.size > MAX_BYTES) throw new CommandFailure(`${path} is larger than 500 MB: split it, by year or by month.`);
  return await file.readFile();
}

const MAX_BYTES = 500_000_000;
