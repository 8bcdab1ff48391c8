import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundOrganization } from '@comanda/identity';
import { newId } from '@comanda/platform';
import { SANDBOX_PSP } from '@comanda/sandbox-psp';
import type { Service } from '@comanda/service';
import { testPostgres } from '@comanda/testing';
import { DataSource } from 'typeorm';
import { afterAll } from 'vitest';
import { loadDemo } from '../../demo/load-demo.js';
import { type Demo, Home } from '../home.js';
import { startPlatform } from '../platform.js';
import { services } from '../services.js';

/** The whole platform in this process, from source, on databases of its own, with the demo chain. */
export interface DemoPlatform {
  readonly demo: Demo;
  readonly services: ReadonlyMap<string, Service>;
  /** Where its databases are. */
  readonly environment: NodeJS.ProcessEnv;
  /** Founds another organization, and returns a key of it that may do everything. */
  foundOrganization(): Promise<string>;
  stop(): Promise<void>;
}

/** It stops after the tests of the file, if it has not before. */
export async function demoPlatform(): Promise<DemoPlatform> {
  const postgres = await testPostgres();
  const secret = 'a secret that only tests know, and long enough';
  const environment: NodeJS.ProcessEnv = { NODE_ENV: 'test', LOG_LEVEL: 'silent', COMANDA_SECRET: secret };
  for (const name of [...services.map((service) => service.name), SANDBOX_PSP, 'log'])
    environment[`${name.toUpperCase()}_DATABASE_URL`] = (await postgres.createDatabase(name)).url;
  const folder = await mkdtemp(join(tmpdir(), 'comanda-demo-'));
  const platform = await startPlatform({ environment, port: 0 });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= platform.stop().then(() => rm(folder, { recursive: true, force: true })));
  running.push(stop);
  const identity = platform.services.get('identity')?.app.get(DataSource);
  if (!identity) throw new Error('There is no identity.');
  const baseUrl = `http://localhost:${platform.port}`;
  const home = new Home({ COMANDA_HOME: folder });
  return {
    demo: await loadDemo({ home, identity, baseUrl, secret, progress: () => undefined }),
    services: platform.services,
    environment,
    foundOrganization: () =>
      foundOrganization(
        identity,
        secret,
        { id: newId(), name: 'The other chain', mode: 'test', languages: ['en'] },
        'Stranger',
      ),
    stop,
  };
}

const running: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});
