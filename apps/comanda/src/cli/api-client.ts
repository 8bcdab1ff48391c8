import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { CommandFailure } from './failure.js';

/** An answer of the API: what its JSON says, or, of a download, its bytes. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly replayed: boolean;
}

/** What is wrong with one place of a request. */
interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A problem the API answered with, and what it says of single places, a line each. */
export class ApiProblem extends CommandFailure {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly Fault[],
    request: string,
  ) {
    const faults = errors.map((fault) => `\n  ${fault.pointer}: ${fault.detail}`);
    super(`${detail} (${request}: ${status} ${code})${faults.join('')}`);
  }
}

interface RequestOptions {
  readonly key?: string;
  readonly body?: unknown;
  /** A body that is no JSON. */
  readonly csv?: string | Uint8Array;
}

/** Talks to a platform as any client does. What may pass is tried again, under the same key: nothing is done twice. */
export class ApiClient {
  readonly #pool: Pool;

  constructor(
    readonly baseUrl: string,
    private readonly apiKey: string,
    connections = 16,
  ) {
    this.#pool = new Pool(baseUrl, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  get = <T>(path: string): Promise<ApiAnswer<T>> => this.#request<T>('GET', path, {});
  post = <T>(path: string, options: RequestOptions): Promise<ApiAnswer<T>> => this.#request<T>('POST', path, options);
  patch = <T>(path: string, options: RequestOptions): Promise<ApiAnswer<T>> => this.#request<T>('PATCH', path, options);
  put = <T>(path: string, options: RequestOptions): Promise<ApiAnswer<T>> => this.#request<T>('PUT', path, options);

  /** Every row of a list, page after page. */
  async *all<T>(path: string): AsyncGenerator<T> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: ApiAnswer<{ data: T[]; nextCursor: string | null }> = await this.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor && `&cursor=${cursor}`}`,
      );
      yield* page.body.data;
      cursor = page.body.nextCursor;
    }
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #request<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT',
    path: string,
    { key, body, csv }: RequestOptions,
  ): Promise<ApiAnswer<T>> {
    const sent = csv ?? (body === undefined ? null : JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${this.apiKey}`,
      ...(sent !== null && { 'content-type': csv === undefined ? 'application/json' : 'text/csv' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const until = performance.now() + PATIENCE;
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.#pool.request({ method, path, headers, body: sent });
        const bytes = Buffer.from(await answer.body.arrayBuffer());
        const isJson = String(answer.headers['content-type']).includes('json');
        if (answer.statusCode < 400)
          return {
            status: answer.statusCode,
            body: (isJson ? JSON.parse(bytes.toString()) : bytes) as T,
            replayed: answer.headers['idempotency-replayed'] === 'true',
          };
        if (
          performance.now() < until &&
          MAY_PASS.has(answer.statusCode) &&
          (answer.statusCode !== 409 || answer.headers['retry-after'])
        ) {
          await pause(Number(answer.headers['retry-after'] ?? 1) * 1000);
          continue;
        }
        throw problemIn(bytes.toString(), answer.statusCode, `${method} ${path.split('?', 1)[0]}`);
      } catch (error) {
        if (error instanceof ApiProblem) throw error;
        if (tries === TRIES)
          throw new CommandFailure(
            `Nothing answers at ${this.baseUrl}: ${(error as Error).message || (error as { code?: string }).code}. Is the platform running (npm start)?`,
          );
        await pause(200 * tries);
      }
    }
  }
}

function problemIn(text: string, status: number, request: string): ApiProblem {
  const said = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: string; detail?: string; errors?: Fault[] };
  return new ApiProblem(status, said.code ?? 'unknown', said.detail ?? text.slice(0, 200), said.errors ?? [], request);
}

/** How often a platform is tried that does not answer at all. */
const TRIES = 6;
/** For how long one is asked again that says it is busy. */
const PATIENCE = 120_000;
const MAY_PASS = new Set([409, 429, 503]);
