import { migratedDatabase } from '@comanda/platform/testing';
import { SANDBOX_PSP, sandboxPspSchema, startSandboxPsp } from '@comanda/sandbox-psp';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll } from 'vitest';

/** The sandbox as a server of its own, on a database of its own, for the tests of one file. */
export interface TestSandbox {
  readonly url: string;
  /** What payments needs to know of it. */
  readonly settings: Record<'SANDBOX_PSP_URL' | 'SANDBOX_PSP_KEY' | 'SANDBOX_PSP_WEBHOOK_SECRET', string>;
  /** The administrator's connection to its books. */
  readonly books: pg.Client;
  /** Asks its control interface on behalf of an account. */
  control<Answer = unknown>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    account: string,
    body?: object,
  ): Promise<Answer>;
}

const KEY = 'sk_sandbox_for_tests_only';
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret for the webhooks of tests').toString('base64')}`;
const stops: (() => Promise<void>)[] = [];

// Registered as the file is read: it runs before the databases are dropped.
afterAll(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Starts a sandbox; it is stopped after the tests of the file. */
export async function testSandbox(): Promise<TestSandbox> {
  const secret = 'a secret that only tests know, and long enough';
  const database = await migratedDatabase(SANDBOX_PSP, sandboxPspSchema, secret);
  const environment = {
    COMANDA_SECRET: secret,
    ...database.environment,
    SANDBOX_PSP_KEY: KEY,
    SANDBOX_PSP_WEBHOOK_SECRET: WEBHOOK_SECRET,
  };
  const log = pino({ level: 'silent' });
  const sandbox = await startSandboxPsp({ environment, log, host: '127.0.0.1', port: 0 });
  const books = new pg.Client({ connectionString: database.urls.owner });
  await books.connect();
  stops.push(async () => {
    await sandbox.stop();
    await books.end();
  });
  return {
    url: sandbox.url,
    settings: { SANDBOX_PSP_URL: sandbox.url, SANDBOX_PSP_KEY: KEY, SANDBOX_PSP_WEBHOOK_SECRET: WEBHOOK_SECRET },
    books,
    async control<Answer>(method: string, path: string, account: string, body?: object) {
      const answer = await fetch(`${sandbox.url}/control${path}`, {
        method,
        headers: {
          authorization: `Bearer ${KEY}`,
          'sandbox-account': account,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${said}`);
      return JSON.parse(said) as Answer;
    },
  };
}
