import { freePort, serverEnvironment, startServerProcess } from '@comanda/embedded';

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a real Redis that keeps everything in memory. Resolves when clients can use it. */
export async function startRedis(options: { port?: number; log?: (line: string) => void } = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const ready = Promise.withResolvers<undefined>();
  const server = await startServerProcess({
    command: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    stopSignal: 'SIGTERM',
    env: serverEnvironment(),
    log(line) {
      if (line.includes('Ready to accept connections')) ready.resolve(undefined);
      options.log?.(line);
    },
  });
  const ending = await Promise.race([ready.promise, server.ended]);
  if (ending) throw new Error(`Redis did not start:\n${ending.lastWords}`);
  return { url: `redis://127.0.0.1:${port}`, pid: server.pid, stop: () => server.stop() };
}
