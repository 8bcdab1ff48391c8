import type { z } from 'zod';
import type { ProblemCode } from './problems.js';
import type { Scope } from './scopes.js';

type Shape = z.ZodObject;

/** One route, described apart from its implementation: the service binds to it, OpenAPI is written from it. */
export interface Endpoint<
  Params extends Shape | undefined = Shape | undefined,
  Query extends Shape | undefined = Shape | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Answer extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/v1/orders/{orderId}`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** What the credential must carry; `null` for a route open to everyone. */
  readonly scope: Scope | null;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Success: its status and its body; `undefined` for a bare 204, a stream or a download. */
  readonly status: 200 | 201 | 202 | 204;
  readonly answer: Answer;
  /** The media type of an answer that is not JSON. */
  readonly produces?: 'text/event-stream' | 'text/csv';
  /** The media type of a body that is not JSON. */
  readonly consumes?: 'text/csv';
  /** How large a body may be; 1 MiB unless given. */
  readonly bodyLimitMiB?: number;
  /** The sender has signed the body's bytes: the handler gets them, and the headers, as they came. */
  readonly signed: boolean;
  /** The request creates or moves something: it must carry an `Idempotency-Key`. */
  readonly idempotent: boolean;
  /** Begins something that later requests go on with: when there is too much to do, what goes on comes first. */
  readonly begins: boolean;
  /** Guests and staff wait for it at a rush: how long it takes is measured by itself. */
  readonly hot: boolean;
  /** How long a key is remembered: a till may repeat an order after weeks. */
  readonly keepsKeys: 'a month' | 'for ever';
  /** `required`: the change needs `If-Match` or `version`. `none`: it commutes with others, or reads. */
  readonly concurrency: 'required' | 'none';
  /** The answer carries an `ETag`, and `If-None-Match` may be answered with 304. */
  readonly cached: boolean;
  /** The refusals of its own rules; those that every route shares are added when OpenAPI is written. */
  readonly refusals: readonly ProblemCode[];
  /** A body that works, for the docs and for the test that sends it. */
  readonly example?: Body extends z.ZodType ? z.input<Body> : never;
}

type Described<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends z.ZodType | undefined,
  A extends z.ZodType | undefined,
> = Pick<Endpoint<P, Q, B, A>, 'id' | 'method' | 'path' | 'summary' | 'scope'> &
  Partial<Omit<Endpoint<P, Q, B, A>, 'id' | 'method' | 'path' | 'summary' | 'scope'>>;

/**
 * Describes a route. What is left out is the common case: 200 (201 for an idempotent POST), no key,
 * no version, no refusals of its own.
 */
export function defineEndpoint<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  A extends z.ZodType | undefined = undefined,
>(described: Described<P, Q, B, A>): Endpoint<P, Q, B, A> {
  const idempotent = described.idempotent ?? false;
  return {
    params: undefined as P,
    query: undefined as Q,
    body: undefined as B,
    answer: undefined as A,
    keepsKeys: 'a month',
    concurrency: 'none',
    cached: false,
    begins: false,
    hot: false,
    signed: false,
    refusals: [],
    status: described.method === 'POST' && idempotent ? 201 : 200,
    ...described,
    idempotent,
  };
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler receives: every part parsed by the endpoint's own schemas. */
export interface InputOf<E extends Endpoint> {
  readonly params: Parsed<E['params']>;
  readonly query: Parsed<E['query']>;
  readonly body: Parsed<E['body']>;
}

/** What a handler answers with. */
export type AnswerOf<E extends Endpoint> = E['answer'] extends z.ZodType ? z.output<E['answer']> : undefined;
