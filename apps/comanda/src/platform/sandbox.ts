import { deriveKey } from '@comanda/platform';
import { type SandboxPsp, startSandboxPsp } from '@comanda/sandbox-psp';
import type { Logger } from 'pino';

/** Whether the platform brings a sandbox of its own: not where the environment names another, or no database for one. */
export const runsSandbox = (environment: NodeJS.ProcessEnv): boolean =>
  !environment['SANDBOX_PSP_URL'] && Boolean(environment['DATABASE_URL'] || environment['SANDBOX_PSP_DATABASE_URL']);

/**
 * Starts the sandbox beside the services, on a port of its own, as the outside company that it stands for; it tells
 * payments through the front.
 * @returns what payments needs to know of it, and the sandbox; undefined where it is not run here
 */
export async function startSandbox(
  given: NodeJS.ProcessEnv,
  { frontPort, log }: { readonly frontPort: number; readonly log: Logger },
): Promise<{ readonly sandbox: SandboxPsp; readonly settings: Record<string, string> } | undefined> {
  if (!runsSandbox(given)) return undefined;
  const secret = given['COMANDA_SECRET'] ?? '';
  const secrets = {
    SANDBOX_PSP_KEY: given['SANDBOX_PSP_KEY'] ?? deriveKey(secret, 'sandbox-psp key').toString('base64url'),
    SANDBOX_PSP_WEBHOOK_SECRET:
      given['SANDBOX_PSP_WEBHOOK_SECRET'] ?? `whsec_${deriveKey(secret, 'sandbox-psp webhooks').toString('base64')}`,
  };
  const environment = {
    ...given,
    ...secrets,
    SANDBOX_PSP_WEBHOOK_URL: `http://localhost:${frontPort}/v1/payments/providers/sandbox/webhooks`,
  };
  const sandbox = await startSandboxPsp({ environment, log, host: '127.0.0.1', port: 0 });
  return { sandbox, settings: { ...secrets, SANDBOX_PSP_URL: sandbox.url } };
}
