import type { Answer, Call, Given, InitOf, ListPath, Method, Options, PathOf, ReadAs, RowOf } from './calls.js';
import { ApiProblem, Unreachable } from './problem.js';
import { type Place, readEvents, type StreamEvent } from './stream-events.js';

/**
 * A client of the API, with the types of its OpenAPI document. What may pass (a lost connection, 429, 503, a 409 with
 * `Retry-After`) is tried again under the same idempotency key: nothing is done twice. What is refused is thrown.
 */
export class Comanda {
  readonly baseUrl: string;
  readonly GET = this.#calls('get');
  readonly POST = this.#calls('post');
  readonly PUT = this.#calls('put');
  readonly PATCH = this.#calls('patch');
  readonly DELETE = this.#calls('delete');
  readonly #apiKey: string;
  readonly #sender: Sender;
  readonly #patience: number;

  constructor({ baseUrl, apiKey, send = sendByFetch, patience = 120_000 }: ComandaOptions) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.#apiKey = apiKey;
    this.#sender = send;
    this.#patience = patience;
  }

  /** Every row of a list, page after page. */
  async *all<P extends ListPath>(path: P, ...[init]: Given<InitOf<P, 'get'>>): AsyncGenerator<RowOf<P>> {
    const asked: AnyInit = init ?? {};
    for (let cursor: string | undefined; ;) {
      const query = { limit: 200, ...asked.query, cursor };
      const page = await this.#send('get', path, { ...asked, query });
      const { data, nextCursor } = page.data as { data: RowOf<P>[]; nextCursor: string | null };
      yield* data;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  /**
   * The events of a live feed, until its signal is aborted. A connection that is lost is taken up again where it was.
   * @throws ApiProblem when it is refused; Unreachable when nothing answers for long
   */
  async *follow<P extends PathOf<'get'>>(path: P, ...[init]: Given<InitOf<P, 'get'>>): AsyncGenerator<StreamEvent> {
    const asked: AnyInit = init ?? {};
    const place: Place = { id: '', retry: 2_000 };
    while (!asked.signal?.aborted) {
      const headers = { accept: 'text/event-stream', ...(place.id && { 'last-event-id': place.id }) };
      const { data } = await this.#send('get', path, { ...asked, headers, readAs: 'stream' });
      yield* readEvents(data as ReadableStream<Uint8Array>, place);
      await pause(place.retry, asked.signal);
    }
  }

  #calls<M extends Method>(method: M): Call<M> {
    return ((path: string, init: AnyInit = {}) => this.#send(method, path, init)) as Call<M>;
  }

  async #send(method: Method, path: string, init: AnyInit): Promise<Answer<unknown>> {
    const request = this.#prepare(method, path, init);
    const until = performance.now() + this.#patience;
    for (let [tries, failures] = [1, 0]; ; tries++) {
      try {
        const reply = await this.#sender(request);
        if (reply.ok) return await answerIn(reply, tries, init.readAs);
        const seconds = performance.now() < until ? comeBackIn(reply) : undefined;
        if (seconds === undefined)
          throw ApiProblem.of(reply.status, await reply.text(), `${method.toUpperCase()} ${path}`);
        await reply.text();
        await pause(seconds * 1_000, init.signal);
      } catch (error) {
        if (error instanceof ApiProblem || init.signal?.aborted) throw error;
        failures += 1;
        if (failures === TRIES) throw new Unreachable(this.baseUrl, error);
        await pause(200 * failures, init.signal);
      }
    }
  }

  /** The request of a call, the same for every try of it. */
  #prepare(method: Method, path: string, { key, ifMatch, headers, signal, body, ...address }: AnyInit): Prepared {
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    return {
      url: this.baseUrl + pathOf(path, address),
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        ...(body !== undefined && { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...(method === 'post' && { 'idempotency-key': key ?? crypto.randomUUID() }),
        ...(ifMatch !== undefined && { 'if-match': typeof ifMatch === 'number' ? `"${ifMatch}"` : ifMatch }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    };
  }
}

export interface ComandaOptions {
  /** Where the platform answers: `https://pos.example.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Sends a request once; through the runtime's own `fetch`, unless given. */
  readonly send?: Sender;
  /** For how many milliseconds one is asked again that says it is busy. */
  readonly patience?: number;
}

/** Sends a request once. */
export type Sender = (request: Prepared) => Promise<Reply>;

/** A request as it is sent. */
export interface Prepared {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** As much of a `Response` as is read. */
export type Reply = Pick<Response, 'ok' | 'status' | 'headers' | 'body' | 'json' | 'text' | 'arrayBuffer'>;

const sendByFetch: Sender = ({ url, ...init }) => fetch(url, init as RequestInit);

/** A call as it is handled. Its types were checked where it was made: from here on all are one. */
interface AnyInit extends Options {
  readonly path?: object;
  readonly query?: object;
  readonly body?: unknown;
  readonly readAs?: ReadAs;
}

/** An address with its parameters in place. */
function pathOf(template: string, { path = {}, query = {} }: Pick<AnyInit, 'path' | 'query'>): string {
  const named = new Map<string, unknown>(Object.entries(path));
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named.get(name))));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
  return asked.size === 0 ? filled : `${filled}?${asked.toString()}`;
}

async function answerIn(reply: Reply, tries: number, readAs: ReadAs = 'json'): Promise<Answer<unknown>> {
  const { status, headers } = reply;
  return {
    data: await dataIn(reply, readAs),
    status,
    headers,
    replayed: headers.get('idempotency-replayed') === 'true',
    tries,
    etag: headers.get('etag'),
  };
}

async function dataIn(reply: Reply, readAs: ReadAs): Promise<unknown> {
  switch (readAs) {
    case 'json':
      return reply.status === 204 ? void (await reply.text()) : reply.json();
    case 'text':
      return reply.text();
    case 'bytes':
      return new Uint8Array(await reply.arrayBuffer());
    case 'stream':
      return reply.body;
  }
}

/** In how many seconds to ask again one who is busy; `undefined` when it was a refusal. */
function comeBackIn({ status, headers }: Reply): number | undefined {
  const said = headers.get('retry-after');
  if (status !== 429 && status !== 503 && (status !== 409 || said === null)) return undefined;
  if (said === null || /^\d+$/.test(said)) return Number(said ?? 1);
  // A proxy may write a date (RFC 9110, section 10.2.3).
  const seconds = (Date.parse(said) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? 1 : Math.max(0, seconds);
}

/** Waits so many milliseconds, less when it is given up. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

/** How often a platform is tried that does not answer at all. */
const TRIES = 6;
