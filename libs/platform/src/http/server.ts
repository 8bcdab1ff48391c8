import { Transform } from 'node:stream';
import type { Endpoint } from '@comanda/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { Refusal } from '../refusal.js';
import { Admission, rankOf } from './admission.js';
import type { ServiceRequest } from './request.js';
import { refusalOfFault, sendProblem } from './problem.filter.js';
import { routeOf, Routes } from './routes.js';

const MEBIBYTE = 1024 * 1024;

/**
 * A Fastify server for one Nest application, the routes it comes to know, and who is let in to them.
 * @param endpoints what its contract describes
 * @param requestsAtOnce more than so many are told to come back
 */
export function createAdapter(
  endpoints: readonly Endpoint[] = [],
  requestsAtOnce = Number.POSITIVE_INFINITY,
): { adapter: FastifyAdapter; routes: Routes; admission: Admission } {
  const adapter = new FastifyAdapter({
    bodyLimit: MEBIBYTE,
    // Names like any other: a schema refuses them by name, or leaves them out.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    // Behind an ingress the client's address is the last one that a proxy of ours saw. What stands before it in the
    // header is only what the client says.
    trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    // A URL that cannot be decoded never reaches Nest.
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, refusalOfFault(error, error.statusCode ?? 400)),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  const routes = new Routes();
  const described = new Map(endpoints.map((endpoint) => [`${endpoint.method} ${routeOf(endpoint)}`, endpoint]));
  // Hooks are set before Nest registers its routes, or they see none of them.
  const admission = new Admission(requestsAtOnce);
  admission.guard(fastify, (method, path) => {
    const endpoint = described.get(`${method} ${path}`);
    return endpoint && rankOf(endpoint);
  });
  fastify.addHook('onRoute', (route) => {
    for (const verb of [route.method].flat()) if (verb !== 'HEAD') routes.add(verb, route.path);
    const { bodyLimitMiB } = described.get(`${[route.method].flat().join()} ${route.path}`) ?? {};
    if (bodyLimitMiB !== undefined) route.bodyLimit = bodyLimitMiB * MEBIBYTE;
  });
  // A path of its own is not an id: what it does not take is refused as such.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!routes.isMistaken(request.method, request.url, request.routeOptions.url)) return done();
    const allow = routes.methodsOf(request.url).join(', ');
    sendProblem(reply.header('allow', allow), new Refusal('method_not_allowed', `This path takes ${allow}.`));
  });
  // Its time counts from here: a till on a bad line takes seconds to send what it has to say.
  fastify.addHook('preHandler', (request: ServiceRequest, _reply, done) => {
    request.since = performance.now();
    done();
  });
  acceptCsv(fastify);
  keepSignedBytes(fastify);
  return { adapter, routes, admission };
}

/** A signature is over the bytes: where the sender signs, they are kept beside what is parsed of them. */
function keepSignedBytes(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request: ServiceRequest, _reply, payload, done) => {
    if (!(request.routeOptions.config as { signed?: boolean }).signed) return done(null, payload);
    const chunks: Buffer[] = [];
    const kept = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        chunks.push(chunk);
        next(null, chunk);
      },
      flush(next) {
        request.bytes = Buffer.concat(chunks);
        next();
      },
    });
    done(null, payload.pipe(kept));
  });
}

/** Spreadsheets are sent as bytes: their encoding is part of the request. */
function acceptCsv(fastify: FastifyInstance): void {
  fastify.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
