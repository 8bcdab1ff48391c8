import { ConfigError, createLog, databaseUrls, migrate, readConfig, wholeNumber } from '@comanda/platform';
import { z } from 'zod';
import { startSandboxPsp } from './sandbox-psp.js';
import { SANDBOX_PSP, sandboxPspSchema } from './schema.js';

const Listening = z.object({ PORT: wholeNumber(0, 65_535).default(8090), LOG_LEVEL: z.string().default('info') });

/** Runs the sandbox as a process of its own: migrates, listens on `PORT`, serves until SIGTERM or SIGINT. */
try {
  const { PORT, LOG_LEVEL } = readConfig(Listening);
  const log = createLog(SANDBOX_PSP, LOG_LEVEL);
  await migrate(databaseUrls(SANDBOX_PSP, process.env), sandboxPspSchema, process.env['COMANDA_SECRET'] ?? '');
  const sandbox = await startSandboxPsp({ environment: process.env, log, host: '0.0.0.0', port: PORT });
  log.info({ url: sandbox.url }, 'listening');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await sandbox.stop();
  process.exit(0);
} catch (error) {
  const sentence = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${SANDBOX_PSP}: ${sentence}\n`);
  process.exit(1);
}
