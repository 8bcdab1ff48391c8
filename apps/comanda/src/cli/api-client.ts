import type { Comanda } from '@comanda/client';
import type { PooledComanda } from '@comanda/client/node';

export { ApiProblem } from '@comanda/client';

/** An answer of the API. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly replayed: boolean;
}

/**
 * The client of the API for paths that are put together by the caller, who says what is answered: for what walks over
 * routes, or asks after things that the client's types do not let through.
 */
export class ApiClient {
  readonly #client: Untyped;
  readonly #close: () => Promise<void>;

  constructor(client: PooledComanda) {
    this.#client = client as unknown as Untyped;
    this.#close = () => client.close();
  }

  get = <T>(path: string): Promise<ApiAnswer<T>> => answered<T>(this.#client.GET(path));
  post = <T>(path: string, sent: Sent): Promise<ApiAnswer<T>> => answered<T>(this.#client.POST(path, sent));
  patch = <T>(path: string, sent: Sent): Promise<ApiAnswer<T>> => answered<T>(this.#client.PATCH(path, sent));
  put = <T>(path: string, sent: Sent): Promise<ApiAnswer<T>> => answered<T>(this.#client.PUT(path, sent));

  /** Every row of a list, page after page. */
  all<T>(path: string): AsyncGenerator<T> {
    const [address = '', query] = path.split('?');
    return this.#client.all(address, { query: Object.fromEntries(new URLSearchParams(query)) }) as AsyncGenerator<T>;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

interface Sent {
  readonly key?: string;
  readonly body?: unknown;
}

type Untyped = Record<'GET' | 'POST' | 'PATCH' | 'PUT', (path: string, sent?: Sent) => ReturnType<Comanda['GET']>> & {
  all(path: string, init: { query: object }): AsyncGenerator<unknown>;
};

async function answered<T>(answer: ReturnType<Comanda['GET']>): Promise<ApiAnswer<T>> {
  const { data, status, replayed } = await answer;
  return { status, body: data as T, replayed };
}
