import type { Prepared, Reply } from '@comanda/client';
import type { ServiceName } from '@comanda/contracts';
import { Agent, request } from 'undici';

/** One request as it was answered, or not at all (status 0). */
export interface Attempt {
  readonly service: ServiceName;
  readonly method: string;
  readonly status: number;
  readonly retryAfter: boolean;
  readonly at: number;
  readonly milliseconds: number;
  /** Why there was no answer. */
  readonly error?: string;
}

const SERVICE_OF: Readonly<Record<string, ServiceName>> = {
  identity: 'identity',
  catalog: 'catalog',
  orders: 'orders',
  payments: 'payments',
  inventory: 'inventory',
  loyalty: 'loyalty',
  webhooks: 'integrations',
  reports: 'reporting',
};

/** Sends each request to the service whose path it is, as an ingress does, and writes down what came of it. */
export function switchboard(
  urlOf: (service: ServiceName) => string,
  note: (attempt: Attempt) => void,
): { send: (asked: Prepared) => Promise<Reply>; close(): Promise<void> } {
  // One for each till and to spare: who waited for a connection of ours would count as waiting for the service.
  const agent = new Agent({ headersTimeout: 30_000, bodyTimeout: 30_000, connections: 128 });
  const send = async ({ url, method, headers, body }: Prepared): Promise<Reply> => {
    const { pathname, search } = new URL(url);
    const service = SERVICE_OF[pathname.split('/')[2] ?? ''] ?? 'orders';
    const at = Date.now();
    const start = performance.now();
    const done = (answered: Pick<Attempt, 'status' | 'retryAfter' | 'error'>): void =>
      note({ service, method, at, milliseconds: performance.now() - start, ...answered });
    try {
      const answer = await request(`${urlOf(service)}${pathname}${search}`, {
        method: method as 'GET',
        headers,
        body: body ?? null,
        dispatcher: agent,
      });
      const bytes = await answer.body.arrayBuffer();
      done({ status: answer.statusCode, retryAfter: answer.headers['retry-after'] !== undefined });
      return new Response(answer.statusCode === 204 ? null : bytes, {
        status: answer.statusCode,
        headers: answer.headers as Record<string, string>,
      });
    } catch (error) {
      done({ status: 0, retryAfter: false, error: (error as NodeJS.ErrnoException).code ?? String(error) });
      throw error;
    }
  };
  return { send, close: () => agent.destroy() };
}
