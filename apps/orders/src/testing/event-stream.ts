import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

/** A server-sent event, as a client reads it (WHATWG HTML, 9.2.6). */
export interface StreamEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** A client of an event stream. */
export class EventStream {
  /** The last id that was seen, also of a block without data: what a client sends when it comes back. */
  lastId = '';
  readonly comments: string[] = [];
  readonly #events: StreamEvent[] = [];
  #news = Promise.withResolvers<void>();
  #ended = false;

  private constructor(readonly response: IncomingMessage) {
    void this.#read();
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    const stream = new EventStream(response);
    // Its first block says where the stream begins.
    if (response.statusCode === 200) await stream.#until(() => stream.lastId !== '');
    return stream;
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** The next event; waits for it. */
  async next(): Promise<StreamEvent> {
    await this.#until(() => this.#events.length > 0);
    const event = this.#events.shift();
    if (!event) throw new Error('The stream ended.');
    return event;
  }

  /** Waits for a comment that nobody has seen yet. */
  async nextComment(): Promise<string> {
    await this.#until(() => this.comments.length > 0);
    return this.comments.shift() ?? '';
  }

  /** Waits until the server ends the stream. */
  ended(): Promise<void> {
    return this.#until(() => this.#ended);
  }

  close(): void {
    this.response.destroy();
  }

  async #until(happened: () => boolean): Promise<void> {
    while (!happened() && !this.#ended) await this.#news.promise;
  }

  async #read(): Promise<void> {
    let block: { data?: string; event?: string } = {};
    try {
      for await (const line of createInterface({ input: this.response })) {
        const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        if (line.startsWith(':')) this.comments.push(value);
        else if (field === 'id') this.lastId = value;
        else if (field === 'data' || field === 'event') block[field] = value;
        else if (line === '' && block.data !== undefined)
          this.#events.push({ id: this.lastId, type: block.event ?? 'message', data: block.data });
        if (line === '') block = {};
        this.#tell();
      }
    } catch {
      // Cut off.
    }
    this.#ended = true;
    this.#tell();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}
