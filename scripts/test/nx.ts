import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { pinnedNode } from '../launch/pinned.mjs';
import { root } from '../launch/steps.mjs';

/**
 * Runs Nx, once for each lane and side by side, with plain output and no daemon that would outlive it. A signal to us ends
 * Nx and everything it started; a second one ends them at once. Resolves to Nx's exit code, the worst of several, or to the
 * signal that we were sent.
 */
export async function runNx(
  lanes: readonly (readonly string[])[],
  environment: NodeJS.ProcessEnv,
): Promise<number | NodeJS.Signals> {
  const outcomes = await Promise.all(lanes.map((args) => runLane(args, environment)));
  return outcomes.find((outcome) => typeof outcome === 'string') ?? Math.max(...outcomes.map(Number));
}

function runLane(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number | NodeJS.Signals> {
  const nx = spawn(pinnedNode(root), [join(root, 'node_modules', '.bin', 'nx'), ...args], {
    cwd: root,
    env: { ...environment, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true, // a process group of its own, which can be ended as one
  });
  let interrupted: NodeJS.Signals | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (nx.pid !== undefined && nx.exitCode === null) process.kill(-nx.pid, interrupted ? 'SIGKILL' : signal);
      interrupted = signal;
    });
  }
  return new Promise((resolve, reject) => {
    nx.once('error', reject);
    nx.once('exit', (code) => resolve(interrupted ?? code ?? 1));
  });
}
