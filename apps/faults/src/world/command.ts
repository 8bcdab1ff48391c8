import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the project's built programs until it ends by itself. */
export async function runToTheEnd(
  program: string,
  args: readonly string[],
  { env, folder }: { readonly env: NodeJS.ProcessEnv; readonly folder: string },
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
