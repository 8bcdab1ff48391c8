import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { connect, databaseUrls, readConfig, sameText } from '@comanda/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { accountOf } from './account.js';
import { Charges } from './charges/charges.js';
import { serveCharges } from './charges/charges.routes.js';
import { Codes, NotThere } from './codes/codes.js';
import { serveCodes } from './codes/codes.routes.js';
import { Disputes } from './disputes/disputes.js';
import { answerAs } from './faults/answering.js';
import { serveControl } from './faults/control.routes.js';
import { Faults } from './faults/faults.js';
import { SANDBOX_PSP, sandboxPspSchema } from './schema.js';
import { SandboxPspConfig } from './sandbox-psp.config.js';
import { settlementOf } from './settlements/settlements.js';
import { Notices } from './webhooks/notices.js';

/** A running sandbox. */
export interface SandboxPsp {
  readonly url: string;
  stop(): Promise<void>;
}

export interface SandboxPspOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly host: string;
  /** Zero for any free port. */
  readonly port: number;
}

/**
 * Starts the sandbox on its own port. Its database must have been migrated.
 * @throws ConfigError; an error with code `EADDRINUSE` when the port is taken
 */
export async function startSandboxPsp({ environment, log, host, port }: SandboxPspOptions): Promise<SandboxPsp> {
  const config = readConfig(SandboxPspConfig, environment);
  const urls = databaseUrls(SANDBOX_PSP, environment);
  const { entities } = sandboxPspSchema;
  const db = connect(urls.app, { name: 'sandbox-psp-app', entities, pool: config.DATABASE_POOL });
  const worker = connect(urls.worker, { name: 'sandbox-psp-worker', entities, pool: 2 });
  await Promise.all([db.initialize(), worker.initialize()]);
  const target = { url: config.SANDBOX_PSP_WEBHOOK_URL, secret: config.SANDBOX_PSP_WEBHOOK_SECRET };
  const notices = new Notices(db, worker, target, log);
  const faults = new Faults();
  const charges = new Charges(db);
  const codes = new Codes(db, charges);
  const disputes = new Disputes(db, notices);
  const server = Fastify({ keepAliveTimeout: 60_000, forceCloseConnections: true });
  requireKey(server, config.SANDBOX_PSP_KEY);
  sayWhatIsWrong(server, log);
  server.get('/health', () => ({ status: 'ok' }));
  serveCharges(server, { charges, codes, disputes, notices, faults, log });
  serveCodes(server, { codes, faults });
  server.get('/v1/settlements/:date', (request, reply) => {
    const organizationId = accountOf(request);
    const { date } = z.object({ date: z.iso.date() }).parse(request.params);
    const { after, limit } = Page.parse(request.query);
    return answerAs(faults.take(organizationId, 'settlement'), reply, () =>
      settlementOf(db, organizationId, { date, after, limit }),
    );
  });
  serveControl(server, { faults, codes, disputes, notices });
  const stop = async (): Promise<void> => {
    await server.close();
    await notices.stop();
    await Promise.all([db.destroy(), worker.destroy()]);
  };
  try {
    await server.listen({ host, port });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`, stop };
}

const Page = z.object({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
});

function requireKey(server: FastifyInstance, key: string): void {
  server.addHook('onRequest', async ({ headers, url }, reply) => {
    if (url === '/health') return;
    if (!sameText(headers.authorization ?? '', `Bearer ${key}`))
      await reply.status(401).send({ error: 'unauthorized' });
  });
}

function sayWhatIsWrong(server: FastifyInstance, log: Logger): void {
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError)
      return reply.status(400).send({ error: 'malformed', detail: z.prettifyError(error) });
    if (error instanceof NotThere) return reply.status(404).send({ error: 'not_found' });
    log.error({ err: error }, 'a call failed');
    return reply.status(500).send({ error: 'internal_error' });
  });
}
