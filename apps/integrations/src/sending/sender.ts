import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import type { WebhookAttempt } from '@comanda/contracts';
import { CONFIG } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { IntegrationsConfig } from '../integrations.config.js';
import { askNameServers, destinationOf, REFUSED, type Resolve } from './destination.js';

/** How an attempt ended. */
export type Outcome = Pick<WebhookAttempt, 'outcome' | 'status'>;

/** Posts to addresses that others chose: only to public ones, without redirects, for a few seconds and kilobytes at most. */
@Injectable()
export class Sender {
  resolve: Resolve = askNameServers;
  readonly #allowLoopback: boolean;

  constructor(@Inject(CONFIG) config: Pick<IntegrationsConfig, 'WEBHOOK_ALLOW_LOOPBACK'>) {
    this.#allowLoopback = config.WEBHOOK_ALLOW_LOOPBACK;
  }

  /** Posts a JSON text. Never throws: whatever happens is an outcome. `stop` ends it early. */
  async post(to: string, headers: Readonly<Record<string, string>>, body: string, stop: AbortSignal): Promise<Outcome> {
    const time = AbortSignal.timeout(TIME);
    const signal = AbortSignal.any([time, stop]);
    try {
      const url = new URL(to);
      const address = await unlessAborted(
        destinationOf(url, { resolve: this.resolve, allowLoopback: this.#allowLoopback }),
        signal,
      );
      if (address === undefined) return { outcome: 'unreachable', status: null };
      if (address === REFUSED) return { outcome: 'address_refused', status: null };
      return outcomeOf(await statusFrom(url, address, { headers, signal }, body));
    } catch {
      return { outcome: time.aborted ? 'timed_out' : 'unreachable', status: null };
    }
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  return { outcome: status >= 300 && status < 400 ? 'redirected' : 'refused', status };
}

/** Posts to this address and no other, under the name in the URL (Host, TLS). The status counts; of the body little is read. */
function statusFrom(
  url: URL,
  address: string,
  { headers, signal }: { headers: Readonly<Record<string, string>>; signal: AbortSignal },
  body: string,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Comanda-Webhooks/1',
      ...headers,
    },
    lookup: always(address),
    // A connection of its own: none that was opened to an address checked for another name.
    agent: false,
    maxHeaderSize: 16 * 1024,
    signal,
  };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
    void readLittle(response).then(() => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** Lets a receiver end its answer, for as long as it is short. */
async function readLittle(response: IncomingMessage): Promise<void> {
  let read = 0;
  try {
    for await (const chunk of response) {
      read += (chunk as Buffer).length;
      if (read > MOST_READ) return;
    }
  } catch {
    // It broke off, or takes too long: its status has been heard.
  }
}

/** Answers with the address that was checked, whatever name is asked for. */
function always(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4;
  return (_name, { all }, callback) => (all ? callback(null, [{ address, family }]) : callback(null, address, family));
}

/** Waits no longer than the signal allows: a name server may never answer. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cut = (): void => reject(new Error('It took too long.'));
  signal.addEventListener('abort', cut, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', cut));
}

/** Milliseconds for all of it: name, connection, request, answer. */
const TIME = 5_000;
/** Bytes. */
const MOST_READ = 4 * 1024;
