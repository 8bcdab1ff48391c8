import { Pool } from 'undici';

/** What was answered to a request. */
export interface Answer {
  /** 0 where nothing was: the body then says why. */
  readonly status: number;
  /** Seconds after which to try again, where the answer says so. */
  readonly retryAfter: number | null;
  readonly body: string;
}

/** What is sent again and again. */
export interface Sending {
  readonly path: string;
  readonly key?: string;
  /** Sent as JSON, by POST. */
  readonly body?: object;
}

/**
 * Connections to one server, and nothing but what a request costs: no retries, no types. Everything that is compared goes
 * through it, so that what the client costs is the same on both sides.
 */
export class Sender {
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;
  /** Bytes of bodies, both ways. */
  readonly bytes = { sent: 0, received: 0 };

  constructor(baseUrl: string, { connections, apiKey }: { connections: number; apiKey?: string }) {
    this.#pool = new Pool(new URL(baseUrl).origin, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  /** Resolves to the answer, also where there is none. */
  async send(sending: Sending): Promise<Answer> {
    try {
      return await this.#send(sending);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      return { status: 0, retryAfter: null, body: message || String(code) };
    }
  }

  async #send({ path, key, body }: Sending): Promise<Answer> {
    const headers = { ...this.#headers, ...(key !== undefined && { 'idempotency-key': key }) };
    const json = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#pool.request(
      json === undefined
        ? { method: 'GET', path, headers }
        : { method: 'POST', path, headers: { ...headers, 'content-type': 'application/json' }, body: json },
    );
    const retryAfter = answer.headers['retry-after'];
    const text = await answer.body.text();
    if (json !== undefined) this.bytes.sent += Buffer.byteLength(json);
    this.bytes.received += Buffer.byteLength(text);
    return {
      status: answer.statusCode,
      retryAfter: retryAfter === undefined ? null : Number(retryAfter),
      body: text,
    };
  }

  /** Opens so many connections before anybody needs them, as an ingress keeps them: a platform takes in a few at a time. */
  async open(connections: number): Promise<void> {
    await Promise.all(Array.from({ length: connections }, () => this.send({ path: '/health/live' })));
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
