import { moduleOf } from '../world/surroundings.js';
import { processOfNow, type SimulatedProcess } from '../world/world.js';
import type { Provider, ProviderRequest } from './provider.js';

/** Finds the provider that a process of a simulated world calls. */
export type FindProvider = (process: SimulatedProcess) => Provider;

/** An answer as undici gives it, as far as it is read. */
interface Answer {
  readonly statusCode: number;
  readonly body: { text(): Promise<string> };
}

/** Puts the simulated provider at the other end of the HTTP client that payments calls its sandbox with. */
export function installProviderLine(findProvider: FindProvider): void {
  const undici = moduleOf('@comanda/payments', 'undici');
  undici['Pool'] = class SimulatedPool {
    async request({ signal, ...request }: ProviderRequest & { readonly signal: AbortSignal }): Promise<Answer> {
      const process = processOfNow();
      if (!process) throw new Error('Only processes of a simulated world call the provider.');
      return call(process, findProvider(process), request, signal);
    }

    async destroy(): Promise<void> {}
  };
}

function call(
  process: SimulatedProcess,
  provider: Provider,
  request: ProviderRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { world } = process;
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  world.after(world.latency(), () => {
    // What was on the wire arrives, also when its sender is gone by then.
    const reply = provider.take(request);
    if (reply.kind === 'silent') return;
    world.after(world.latency(), () =>
      process.run(() => {
        if (reply.kind === 'hangs_up')
          return reject(Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }));
        return resolve({ statusCode: reply.status, body: { text: () => Promise.resolve(reply.text) } });
      }),
    );
  });
  return promise;
}
