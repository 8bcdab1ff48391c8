import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server that can be cut (everybody notices) or go dead (nobody is told). */
export class FaultyLine {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #state: 'up' | 'cut' | 'dead' | 'mute' = 'up';

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (this.#state === 'cut') return near.destroy();
      const far = connect(port, host);
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      const close = (): void => {
        this.#pairs.delete(pair);
        // A dead line tells neither end that the other has gone.
        if (this.#state === 'up' || this.#state === 'cut') for (const socket of pair) socket.destroy();
      };
      near.on('data', (bytes) => (this.#state === 'up' || this.#state === 'mute') && far.write(bytes));
      far.on('data', (bytes) => this.#state === 'up' && near.write(bytes));
      for (const socket of pair) socket.on('error', () => undefined).on('close', close);
      return near;
    });
  }

  /** Opens a line to the server of a URL; it is closed after the test. */
  static async to(url: string): Promise<FaultyLine & { url: string }> {
    const target = new URL(url);
    const line = new FaultyLine(target.hostname, Number(target.port));
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    onTestFinished(() => line.#close());
    target.host = `127.0.0.1:${(line.#server.address() as AddressInfo).port}`;
    return Object.assign(line, { url: target.href });
  }

  /** Breaks every connection and takes no new one. */
  cut(): void {
    this.#state = 'cut';
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Swallows everything from now on, without a word to either end. */
  goDead(): void {
    this.#state = 'dead';
  }

  /** Lets the server hear everything and nobody hear its answers. */
  goMute(): void {
    this.#state = 'mute';
  }

  /** Takes connections again. */
  heal(): void {
    this.#state = 'up';
  }

  #close(): void {
    this.cut();
    this.#server.close();
  }
}
