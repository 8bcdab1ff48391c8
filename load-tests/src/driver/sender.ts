import { Pool } from 'undici';

/** What was answered to a request. */
export interface Answer {
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

  constructor(baseUrl: string, { connections, apiKey }: { connections: number; apiKey?: string }) {
    this.#pool = new Pool(new URL(baseUrl).origin, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  async send({ path, key, body }: Sending): Promise<Answer> {
    const headers = { ...this.#headers, ...(key !== undefined && { 'idempotency-key': key }) };
    const answer = await this.#pool.request(
      body === undefined
        ? { method: 'GET', path, headers }
        : {
            method: 'POST',
            path,
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    );
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      retryAfter: retryAfter === undefined ? null : Number(retryAfter),
      body: await answer.body.text(),
    };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
