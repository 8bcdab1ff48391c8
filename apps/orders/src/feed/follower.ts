import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Bell } from '@comanda/events';
import { type Cursor, writeCursor } from './cursor.js';
import type { Told } from './feed.store.js';

/** One client of the live feed. It is told of changes as fast as it reads, and never has more than a page waiting. */
export class Follower {
  readonly #bell = new Bell();
  readonly #leaving = new AbortController();

  constructor(
    private readonly response: ServerResponse,
    readonly locationId: string,
    private readonly changesAfter: (cursor: Cursor, limit: number) => Promise<Told[]>,
    private readonly waits: { readonly heartbeat: number; readonly patience: number } = WAITS,
  ) {
    response.on('close', () => this.leave());
    response.on('error', () => this.leave());
  }

  /** Says that there is something new. */
  ring(): void {
    this.#bell.ring();
  }

  /** Ends the stream; the client comes back with the last id it saw. */
  leave(): void {
    this.#leaving.abort();
  }

  /**
   * Tells of every change after a cursor until somebody leaves.
   * @param reset the client's own cursor was of no use: it has to read the orders anew
   */
  async follow(from: Cursor, reset: boolean): Promise<void> {
    const { signal } = this.#leaving;
    let cursor = from;
    try {
      this.response.writeHead(200, HEADERS);
      // An id without data: whoever loses the connection before the first change comes back to this place.
      await this.#write(`retry: 2000\n${reset ? 'event: reset\ndata: {}\n' : ''}id: ${writeCursor(cursor)}\n\n`);
      while (!signal.aborted) {
        const page = await this.changesAfter(cursor, PAGE);
        for (const told of page) {
          await this.#write(`id: ${writeCursor(told.cursor)}\nevent: order\ndata: ${JSON.stringify(told.facts)}\n\n`);
          cursor = told.cursor;
        }
        if (page.length === PAGE) continue;
        await this.#bell.wait(this.waits.heartbeat, signal);
        if (!signal.aborted && page.length === 0) await this.#write(': still here\n\n');
      }
    } finally {
      this.leave();
      this.response.end();
    }
  }

  /** Writes, and waits for a client that reads slowly; one that does not read at all is sent away. */
  async #write(text: string): Promise<void> {
    if (this.#leaving.signal.aborted || this.response.write(text)) return;
    const patience = AbortSignal.any([this.#leaving.signal, AbortSignal.timeout(this.waits.patience)]);
    try {
      await once(this.response, 'drain', { signal: patience });
    } catch {
      this.leave();
      this.response.destroy();
    }
  }
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Some proxies collect an answer before they pass it on.
  'x-accel-buffering': 'no',
};
const PAGE = 50;
/** Milliseconds until a silent stream shows that it is alive, and until a client that reads nothing is sent away. */
const WAITS = { heartbeat: 15_000, patience: 30_000 };
