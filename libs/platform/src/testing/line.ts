import { once } from 'node:events';
import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A line to a server that can be cut after so many messages from the client, or go dead: nothing comes through any more,
 * and nobody is told.
 */
export class Line {
  /** The server's URL, by way of this line. */
  readonly url: string;
  /** What the client has said, as Latin-1. */
  said = '';
  #heard = 0;
  #state: 'up' | 'cut' | 'dead' = 'up';
  readonly #sockets = new Set<Socket>();

  private constructor(url: string) {
    this.url = url;
  }

  /** Opens a line to the server of a URL, for the length of a test. */
  static async to(target: string, { cutAfter = Infinity } = {}): Promise<Line> {
    const { hostname, port } = new URL(target);
    const server = createServer((near) => line.#carry(near, dial(Number(port), hostname), cutAfter));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const here = new URL(target);
    here.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const line = new Line(here.href);
    onTestFinished(() => {
      line.cut();
      server.close();
    });
    return line;
  }

  get isCut(): boolean {
    return this.#state === 'cut';
  }

  /** Breaks every connection and takes no new one. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Swallows everything from now on. */
  goDead(): void {
    this.#state = 'dead';
  }

  #carry(near: Socket, far: Socket, cutAfter: number): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => this.#state !== 'dead' && to.destroy());
      from.on('data', (bytes) => {
        if (from === near) {
          this.said += bytes.toString('latin1');
          if (++this.#heard > cutAfter) this.cut();
        }
        if (this.#state === 'up') to.write(bytes);
      });
    }
    if (this.#state === 'cut') near.destroy();
  }
}
