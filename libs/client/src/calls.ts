import type { Routes } from './published/api.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A method of the client: `POST('/v1/orders', { body })`. */
export type Call<M extends Method> = <P extends PathOf<M>, As extends ReadAs = 'json'>(
  path: P,
  ...init: Given<InitOf<P, M> & { readonly readAs?: As }>
) => Promise<Answer<As extends keyof ReadBy ? ReadBy[As] : DataOf<P, M>>>;

/** What was answered. */
export interface Answer<T> {
  readonly data: T;
  readonly status: number;
  /** The request was done before, under the same key: this is what it led to then. */
  readonly replayed: boolean;
  /** How often it was sent until it was answered. More than once, and what was done before may have been this very call's. */
  readonly tries: number;
  /** The version of what was answered: give it as `ifMatch` to change that and nothing newer. */
  readonly etag: string | null;
  readonly headers: Headers;
}

/** What this client adds to what a route takes. */
export interface Options {
  /** The idempotency key of a POST: the same when you repeat it, also after a crash. Made for each call, unless given. */
  readonly key?: string;
  /** The version that is to be changed, or its `etag`; any other is refused (`version_stale`). */
  readonly ifMatch?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a route takes: `path` and `query` for what is named in its address, `body`; and options. */
export type InitOf<P extends PathOf<M>, M extends Method> =
  Route<P, M> extends { takes: infer Takes } ? Omit<Takes, 'url' | 'body'> & BodyIn<Takes> & Options : never;

/** A spreadsheet may come as bytes, in whatever encoding the route is told. */
type BodyIn<Takes> = Takes extends { body: string }
  ? { readonly body: string | Uint8Array }
  : Pick<Takes, Extract<keyof Takes, 'body'>>;

/** Left out where a route needs nothing. */
export type Given<Init> = object extends Init ? [init?: Init] : [init: Init];

/** What a route answers with when all goes well; `undefined` when it has nothing to say. */
export type DataOf<P extends PathOf<M>, M extends Method> =
  Route<P, M> extends { answers: infer Answers } ? Exclude<Answers[keyof Answers], void> | NothingIn<Answers> : never;

type NothingIn<Answers> = Answers extends { 204: void } ? undefined : never;

type Route<P extends PathOf<M>, M extends Method> = Routes[P] extends Record<M, infer R> ? R : never;

/** How an answer that is no JSON is read. */
export interface ReadBy {
  text: string;
  bytes: Uint8Array;
  stream: ReadableStream<Uint8Array>;
}
export type ReadAs = keyof ReadBy | 'json';

/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof Routes]: Routes[P] extends Record<M, object> ? P : never;
}[keyof Routes];

/** The lists: they are answered page by page. */
export type ListPath = {
  [P in PathOf<'get'>]: DataOf<P, 'get'> extends { data: unknown[]; nextCursor: string | null } ? P : never;
}[PathOf<'get'>];

export type RowOf<P extends ListPath> = DataOf<P, 'get'> extends { data: (infer Row)[] } ? Row : never;
