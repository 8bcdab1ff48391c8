import type { Endpoint } from '@comanda/contracts';
import type { Caller } from '@comanda/platform';
import { newId } from '@comanda/platform';
import type { Response } from '../house/edge.js';
import type { World } from '../world/world.js';
import type { Network } from './network.js';

/** Something a client asked for, and what it was told in the end. */
export interface Operation {
  readonly service: string;
  readonly endpoint: string;
  readonly params: object;
  readonly body: unknown;
  readonly key: string;
  /** The answer that ended it; undefined while it is repeated. */
  answer: Response | undefined;
  /** How often it was sent. */
  tries: number;
}

/** A client that keeps to what it is asked to: the same key until there is an answer, waiting a while in between. */
export class Client {
  readonly operations: Operation[] = [];
  /** What no client may ever be told. */
  readonly complaints: string[] = [];

  constructor(
    private readonly world: World,
    private readonly network: Network,
    private readonly caller: Caller,
  ) {}

  /** A 500 is a defect, whoever gets it. */
  complain({ id }: Endpoint, { body }: Response): void {
    this.complaints.push(`${id} was answered with 500: ${JSON.stringify(body).slice(0, 600)}`);
  }

  /** Asks for something until it is answered. Answers that say "not now" are no answers. */
  async ask(service: string, endpoint: Endpoint, asked: { params?: object; body?: unknown }): Promise<Response> {
    const { params = {}, body } = asked;
    const key = newId();
    const operation: Operation = { service, endpoint: endpoint.id, params, body, key, answer: undefined, tries: 0 };
    this.operations.push(operation);
    for (;;) {
      operation.tries++;
      const said = await this.network.request(service, this.caller, { endpoint, params, body, key });
      if (said?.status === 500) this.complain(endpoint, said);
      if (said && said.status !== 500 && !isNotNow(said)) {
        operation.answer = said;
        return said;
      }
      const wait = Math.min(3_000, 100 * 2 ** Math.min(operation.tries, 5));
      await new Promise((resolve) => setTimeout(resolve, wait + this.world.chance.plan.between(0, 50)));
    }
  }
}

const isNotNow = ({ status, body }: Response): boolean => {
  const { code } = (body ?? {}) as { code?: string };
  return status === 503 || status === 429 || code === 'request_in_flight' || code === 'payment_unresolved';
};
