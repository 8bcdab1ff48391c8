import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** Stands where the sandbox would: a payment provider that knows of nothing, or fails whatever it is asked. */
export class FailingProvider {
  fails = false;

  private constructor(private readonly server: Server) {}

  /** It stops after the tests of the file. */
  static async open(): Promise<FailingProvider> {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(provider.fails ? 503 : 404, { 'content-type': 'application/json' }).end('{}');
    });
    const provider = new FailingProvider(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    providers.push(provider);
    return provider;
  }

  /** What payments needs to know of it. */
  get settings(): Record<string, string> {
    return {
      SANDBOX_PSP_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      SANDBOX_PSP_KEY: 'sk_sandbox_for_tests_only',
      SANDBOX_PSP_WEBHOOK_SECRET: `whsec_${Buffer.from('a secret for the webhooks of tests').toString('base64')}`,
    };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const providers: FailingProvider[] = [];

afterAll(() => {
  for (const provider of providers.splice(0)) provider.close();
});
