import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { freePort, serverEnvironment, startServerProcess } from '@comanda/embedded';

import { cacheFolder } from './cache.js';

/** Its version; it is built once and kept in the cache. It carries Stripe's own description of its API. */
export const stripeMockVersion = '0.203.0';

export interface StripeMock {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts stripe-mock: it refuses what Stripe's own description of its API does not allow, and answers the rest with
 * samples; it keeps nothing. Resolves when clients can use it.
 */
export async function startStripeMock(options: { log?: (line: string) => void } = {}): Promise<StripeMock> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const ready = Promise.withResolvers<undefined>();
  const server = await startServerProcess({
    command: stripeMockCommand(),
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', `127.0.0.1:${tlsPort}`],
    stopSignal: 'SIGTERM',
    env: serverEnvironment(),
    log(line) {
      if (line.includes('Listening for HTTPS')) ready.resolve(undefined);
      options.log?.(line);
    },
  });
  const ending = await Promise.race([ready.promise, server.ended]);
  if (ending) throw new Error(`stripe-mock did not start:\n${ending.lastWords}`);
  return { url: `http://127.0.0.1:${port}`, pid: server.pid, stop: () => server.stop() };
}

/** Where it is, once it has been built. */
export function stripeMockCommand(): string {
  return join(cacheFolder(), `stripe-mock-${stripeMockVersion}`, 'stripe-mock');
}

export interface Go {
  readonly command: string;
  /** As Go says it: `1.22.1`. */
  readonly version: string;
}

/** The Go that the path leads to, or that stands where its own installer puts it; undefined when there is none that runs. */
export function findGo(): Go | undefined {
  for (const command of ['go', '/usr/local/go/bin/go']) {
    const { status, stdout } = spawnSync(command, ['env', 'GOVERSION'], { encoding: 'utf8' });
    const version = /^go(\d+\.\d+(\.\d+)?)/.exec(stdout ?? '')?.[1];
    if (status === 0 && version) return { command, version };
  }
  return undefined;
}

/** What `stripe-mock` is written in; Debian 12 has an older one. */
export function buildsStripeMock({ version }: Go): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || minor >= 22;
}

/** Why there is no stripe-mock, and what would help; undefined when there is one. */
export function whyNoStripeMock(): string | undefined {
  if (existsSync(stripeMockCommand())) return undefined;
  const go = findGo();
  if (!go) return 'there is no Go to build stripe-mock with: install Go 1.22 or later (Debian 12 has an older one)';
  return buildsStripeMock(go)
    ? 'stripe-mock is not in the cache: `npm test` builds it'
    : `Go ${go.version} is too old to build stripe-mock (1.22 is needed): update it`;
}
