import { once } from 'node:events';
import fastify from 'fastify';

// A process of its own: serves the bytes that it is sent, on every path, and tells its address. It ends with whoever started it.
const [body] = (await once(process, 'message')) as [string];
const bytes = Buffer.from(body);
const server = fastify();
server.get('/*', (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes));
const url = await server.listen({ port: 0, host: '127.0.0.1' });
process.send?.(url);
process.once('disconnect', () => process.exit());
