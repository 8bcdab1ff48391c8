import { createServer } from 'node:net';

/** A TCP port on 127.0.0.1 that nothing listens on at this moment. Another program may still take it first: be ready to ask again. */
export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether nothing listens on this port of 127.0.0.1 at this moment. */
export async function isPortFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
