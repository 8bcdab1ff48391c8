import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { finish } from '../launch/finish.mjs';

/** How long another apt may hold its lock before we give up, and how often a download may fail. */
const patience = 15 * 60_000;
const downloads = 3;

/**
 * Installs Debian packages without asking anything and without starting services. Waits while another apt is at work.
 * Rejects with one sentence where that cannot be: not Debian, not root, or not to be had.
 */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) throw new Error('this is not Debian: install them yourself');
  if (process.getuid?.() !== 0) throw new Error(`it takes root: run apt-get install ${packages.join(' ')}`);
  await apt('update');
  await apt('install', '--yes', '--no-install-recommends', ...packages);
}

async function apt(...args: string[]): Promise<void> {
  // Runlevel 1: a server that is installed is not started as a service.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const since = Date.now();
  for (let failed = 0; ;) {
    const { code, output } = await finish('apt-get', ['-q', ...args], { env });
    if (code === 0) return;
    const locked = /Could not get lock|Unable to (acquire|lock)/.test(output);
    if (!locked) failed += 1;
    if (failed === downloads || Date.now() - since > patience) {
      throw new Error(
        `apt-get ${args[0]}: ${output.split('\n').findLast((line) => line.startsWith('E:')) ?? `code ${code}`}`,
      );
    }
    await pause(5_000);
  }
}
