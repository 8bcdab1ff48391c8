import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, request as send, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { ALL_SCOPES, asRefusal, defineEndpoint, Id, Line, Note, PageQuery, Version } from '@comanda/contracts';
import { Controller, Get, Inject, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { CredentialGuard } from '../auth/credential.guard.js';
import { type FindKey, Credentials } from '../auth/credentials.js';
import { LocalRateLimiter, type RateLimiter } from '../auth/rate-limit.js';
import { mintServiceToken } from '../auth/service-token.js';
import { PlatformConfig, readConfig } from '../config.js';
import { Answer } from '../http/answer.js';
import { Call, type CallOf, Endpoint } from '../http/endpoint.decorator.js';
import { EndpointInterceptor } from '../http/endpoint.interceptor.js';
import { pageOf, positionOf } from '../http/pages.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { ROUTES } from '../http/routes.js';
import { createAdapter } from '../http/server.js';
import { requireVersion } from '../http/versions.js';
import { createLog } from '../telemetry/log.js';
import { createMetrics } from '../telemetry/metrics.js';
import { CONFIG, LOGGER, METRICS, RATE_LIMITER } from '../tokens.js';
import { SECRET } from './checks-database.js';

const Check = z.looseObject({ id: Id, version: Version });
const CheckParams = z.strictObject({ checkId: Id });

const Open = defineEndpoint({
  id: 'openCheck',
  method: 'POST',
  path: '/v1/checks',
  summary: 'Seats guests.',
  scope: 'orders:write',
  idempotent: true,
  body: z.strictObject({
    covers: z.int().min(1),
    note: Note().optional(),
    phone: Line().optional(),
    lines: z.array(z.strictObject({ name: Line() })).optional(),
    // Twins at one table are against the rules of this house: nothing that JSON Schema can say.
    guests: z
      .array(Line())
      .refine((names) => new Set(names).size === names.length, {
        message: 'Nobody sits twice.',
        params: asRefusal('table_named_twice'),
      })
      .optional(),
  }),
  answer: Check,
});
const List = defineEndpoint({
  id: 'listChecks',
  method: 'GET',
  path: '/v1/checks',
  summary: 'The checks.',
  scope: null,
  query: PageQuery.extend({ search: z.string().optional() }),
  answer: z.looseObject({}),
});
const Read = defineEndpoint({
  id: 'readCheck',
  method: 'GET',
  path: '/v1/checks/{checkId}',
  summary: 'One check.',
  scope: null,
  params: CheckParams,
  answer: Check,
});
const Change = defineEndpoint({
  id: 'changeCheck',
  method: 'PATCH',
  path: '/v1/checks/{checkId}',
  summary: 'Changes a check.',
  scope: null,
  params: CheckParams,
  concurrency: 'required',
  body: z.strictObject({ version: Version.optional() }),
  answer: Check,
});
const Move = defineEndpoint({
  id: 'moveCheck',
  method: 'PUT',
  path: '/v1/checks/{checkId}/table',
  summary: 'Moves guests to another table.',
  scope: null,
  params: CheckParams,
  concurrency: 'required',
  body: z.strictObject({ table: Line(), version: Version.optional() }),
  answer: Check,
});
const ListTables = defineEndpoint({
  id: 'listTables',
  method: 'GET',
  path: '/v1/tables',
  summary: 'The tables, by seats.',
  scope: null,
  query: PageQuery,
  answer: z.looseObject({}),
});
const Clear = defineEndpoint({
  id: 'clearCheck',
  method: 'DELETE',
  path: '/v1/checks/{checkId}',
  summary: 'Clears the table.',
  scope: null,
  params: CheckParams,
  status: 204,
});
const Import = defineEndpoint({
  id: 'importChecks',
  method: 'POST',
  path: '/v1/checks/import',
  summary: 'Takes checks from a spreadsheet.',
  scope: null,
  idempotent: true,
  query: z.strictObject({ currency: z.string().optional() }),
  body: z.instanceof(Uint8Array),
  consumes: 'text/csv',
  bodyLimitMiB: 16,
  answer: z.looseObject({}),
});
const Fail = defineEndpoint({
  id: 'fail',
  method: 'POST',
  path: '/v1/failures',
  summary: 'Fails.',
  scope: null,
});

/** What `/v1/failures` throws. */
export interface Failing {
  error: unknown;
  /** Whether half of an answer has gone out by then. */
  halfway: boolean;
}

@Controller()
class ChecksController {
  constructor(@Inject('failing') private readonly failing: Failing) {}

  @Endpoint(Open)
  open(@Call() { caller, body, idempotency, endpoint: _, ...rest }: CallOf<typeof Open>) {
    return { ...rest, id: ID, version: 1, body, idempotency, organizationId: caller.organizationId };
  }

  @Endpoint(List)
  list(@Call() { query }: CallOf<typeof List>) {
    return { query };
  }

  @Endpoint(Read)
  read(@Call() { params }: CallOf<typeof Read>) {
    return { id: params.checkId, version: 7 };
  }

  @Endpoint(Change)
  change(@Call() { params, ifMatch }: CallOf<typeof Change>) {
    return new Answer({ id: params.checkId, version: 8, ifMatch }, { status: 202, headers: { 'x-table': '12' } });
  }

  @Endpoint(Move)
  move(@Call() call: CallOf<typeof Move>) {
    const check = { id: call.params.checkId, version: 7, table: '12' };
    requireVersion(call, check);
    return { ...check, version: check.version + 1, table: call.body.table };
  }

  @Endpoint(ListTables)
  tables(@Call() { query: { cursor, limit } }: CallOf<typeof ListTables>) {
    const after = positionOf(cursor, z.tuple([z.int(), z.string()]));
    const rest = TABLES.filter(
      ({ seats, name }) => !after || seats > after[0] || (seats === after[0] && name > after[1]),
    );
    return pageOf(
      rest.slice(0, limit + 1),
      limit,
      ({ seats, name }) => [seats, name],
      ({ name }) => name,
    );
  }

  @Endpoint(Clear)
  clear() {}

  @Endpoint(Import)
  import(@Call() { body, idempotency }: CallOf<typeof Import>) {
    return { bytes: body.byteLength, idempotency };
  }

  @Get('/v1/undescribed')
  undescribed() {
    return 'open';
  }

  @Endpoint(Fail)
  fail(@Res({ passthrough: true }) reply: FastifyReply) {
    if (this.failing.halfway) reply.raw.writeHead(200, { 'content-length': 100 }).write('half of');
    throw this.failing.error;
  }
}

/** Nine tables in the order of their list: by seats, and by name where they seat as many. */
const TABLES = [2, 4, 6].flatMap((seats) =>
  ['bar', 'terrace', 'window'].map((name) => ({ seats, name: `${name} for ${seats}` })),
);

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

export interface House {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly failing: Failing;
  /** What it logged, line by line. */
  readonly logged: Record<string, unknown>[];
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  ask(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<Said>;
}

export interface Said {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** A service of a few routes, behind guard, interceptor and filter, on true HTTP; closed after the last test of the file. */
export async function smallHouse(
  options: { findKey?: FindKey; limiter?: RateLimiter; environment?: NodeJS.ProcessEnv } = {},
): Promise<House> {
  const failing: Failing = { error: new Error('nothing was planned'), halfway: false };
  const logged: Record<string, unknown>[] = [];
  const log = createLog(
    'house',
    'info',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged.push(JSON.parse(chunk.toString()));
        done();
      },
    }),
  );
  const config = readConfig(PlatformConfig, {
    COMANDA_SECRET: SECRET,
    RATE_LIMIT_PER_SECOND: '1000000',
    ...options.environment,
  });
  const registry = createMetrics('house', { process: false });
  const { adapter, routes } = createAdapter([Import]);

  @Module({
    controllers: [ChecksController],
    providers: [
      { provide: 'failing', useValue: failing },
      { provide: LOGGER, useValue: log },
      { provide: METRICS, useValue: registry },
      { provide: ROUTES, useValue: routes },
      { provide: CONFIG, useValue: config },
      { provide: RATE_LIMITER, useValue: options.limiter ?? new LocalRateLimiter() },
      {
        provide: Credentials,
        useValue: new Credentials(config, options.findKey ?? (() => Promise.resolve(undefined))),
      },
      CredentialGuard,
      EndpointInterceptor,
      ProblemFilter,
    ],
  })
  class HouseModule {}

  const app = await NestFactory.create<NestFastifyApplication>(HouseModule, adapter, { logger: false });
  app.useGlobalGuards(app.get(CredentialGuard));
  app.useGlobalInterceptors(app.get(EndpointInterceptor));
  app.useGlobalFilters(app.get(ProblemFilter));
  await app.init();
  const fastify = adapter.getInstance<FastifyInstance>();
  await fastify.ready();
  const server = createServer((request, response) => fastify.routing(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  houses.push(async () => {
    server.close();
    server.closeAllConnections();
    await app.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, app, failing, logged, metrics: () => registry.metrics(), ask: (...asked) => ask(url, ...asked) };
}

const houses: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(houses.splice(0).map((close) => close()));
});

/** Sends what `fetch` would not: any method, any path, any header. */
function ask(
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(url, { method, path, headers: { ...length, ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = /json/.test(response.headers['content-type'] ?? '') && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: json ? JSON.parse(text) : {},
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A request with a JSON body, a credential that may do everything, and an `Idempotency-Key`. */
export const json = (body: unknown, headers: Record<string, string> = {}) => ({
  headers: { 'content-type': 'application/json', 'idempotency-key': 'table 12', authorization: bearer(), ...headers },
  body: JSON.stringify(body),
});

/** A credential that may do everything. */
export const bearer = (): string =>
  `Bearer ${mintServiceToken(SECRET, { organizationId: ID, scopes: ALL_SCOPES, service: 'orders' })}`;
