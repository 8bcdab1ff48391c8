import type { Caller } from '@comanda/platform';
import { answer, type Request, type Response } from '../house/edge.js';
import type { ServiceProcess } from '../house/service-process.js';
import { processOfNow, type World } from '../world/world.js';

/** Finds a process that answers for a service now; undefined where none lives. */
export type FindProcess = (service: string) => ServiceProcess | undefined;

/**
 * The way from clients to services: requests may be lost, doubled or late, and so may answers. A client is told no more than
 * it would see: an answer, or that none came.
 */
export class Network {
  constructor(
    private readonly world: World,
    private readonly find: FindProcess,
  ) {}

  /** Sends a request once. @returns undefined when no answer came in time */
  async request(service: string, caller: Caller, request: Request): Promise<Response | undefined> {
    const { world } = this;
    const { chances } = world;
    const client = processOfNow();
    const { promise, resolve } = Promise.withResolvers<Response | undefined>();
    const hear = (said: Response | undefined): void => {
      client?.run(() => resolve(said));
    };
    const lost = world.fails(chances.requestLost);
    if (!lost) this.#deliver(service, caller, request, hear);
    if (world.fails(chances.requestDoubled)) this.#deliver(service, caller, request, () => undefined);
    world.after(PATIENCE, () => hear(undefined));
    return promise;
  }

  #deliver(service: string, caller: Caller, request: Request, hear: (said: Response | undefined) => void): void {
    const { world } = this;
    world.after(world.latency(), () => {
      const server = this.find(service);
      if (!server) return void world.after(world.latency(), () => hear(undefined));
      world.note(`${server.process.name} gets ${request.endpoint.id}`);
      // Who hangs up when a process dies notices; who is answered may not.
      const forget = server.process.onLoss(() => world.after(world.latency(), () => hear(undefined)));
      void server.process.run(async () => {
        const said = await answer(server, caller, request);
        forget();
        world.note(`${server.process.name} answers ${request.endpoint.id} ${said.status}`);
        if (!world.fails(world.chances.answerLost)) world.after(world.latency(), () => hear(said));
      });
    });
  }
}

/** Milliseconds a client waits for an answer. */
const PATIENCE = 6_000;
