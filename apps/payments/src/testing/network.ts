import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';

/** The network between us and a server: it can be cut, at once or as soon as an answer to what was sent comes back. */
export interface Network {
  /** The server's URL, by way of this network. */
  readonly url: string;
  /** How often it was cut in the middle of an answer. */
  readonly cutAnswers: number;
  /** The next answer that begins like this is not let through, and nothing after it, until the network is mended. */
  cutBefore(answer: RegExp): void;
  mend(): void;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.splice(0)) close();
});

/** Opens a network to the server of a URL; it is closed after the tests of the file. */
export async function networkTo(target: string): Promise<Network> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let [cut, cutAnswers] = [false, 0];
  let feared: RegExp | undefined;
  const server = createServer((near) => {
    if (cut) return near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
    near.on('data', (bytes) => void far.write(bytes));
    far.on('data', (bytes) => {
      if (!feared?.test(bytes.toString('latin1'))) return void near.write(bytes);
      [cut, feared, cutAnswers] = [true, undefined, cutAnswers + 1];
      for (const socket of sockets) socket.resetAndDestroy();
    });
    return near;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cutAnswers() {
      return cutAnswers;
    },
    cutBefore(answer) {
      feared = answer;
    },
    mend() {
      cut = false;
    },
  };
}
