import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint } from '@comanda/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Answers a request on the spot, from what is in memory, or leaves it as it is to its route: for what is read so often that
 * the way through router, guard and controller would cost ten times what the answer does. It only ever gives what the route
 * would give, and leaves every refusal to it.
 * @returns the endpoint it answered for
 */
export type Shortcut = (request: IncomingMessage, response: ServerResponse) => Endpoint | undefined;

/** Makes a service's shortcut from the parts that its routes use, too. */
export type MakeShortcut = (app: Pick<NestFastifyApplication, 'get'>) => Shortcut;
