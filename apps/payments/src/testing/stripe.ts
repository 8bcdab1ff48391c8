import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { newId } from '@comanda/platform';
import Stripe from 'stripe';
import { afterAll } from 'vitest';
import type { Arriving, Trouble } from '../provider/provider.contract.js';
import { type Params, StripeBooks, StripeFailure, type StripeObject } from './stripe-books.js';

/** Somebody else's server, made here: Stripe, as far as payments talk to it. */
export interface TestStripe {
  /** What payments needs to know of it. */
  readonly settings: Record<'STRIPE_API_URL' | 'STRIPE_SECRET_KEY' | 'STRIPE_WEBHOOK_SECRET', string>;
  /** The books of the key's own account. */
  readonly own: StripeBooks;
  /** Connects an account, as its operator does, who writes down whose it is. @returns its books */
  connect(account: string, organization: string): StripeBooks;
  /** Makes the next calls of a kind go wrong on their way, or at Stripe itself. */
  trouble(operation: Operation, trouble: Trouble | { readonly as: 'fails' }, times?: number): void;
  /** Forgets what it was asked under which key, as Stripe does after a day. */
  forgetKeys(): void;
  /** An event as Stripe signs it. */
  event(type: string, object: object, options?: { at?: Date; id?: string; account?: string }): Arriving;
}

export type Operation = 'authorize' | 'capture' | 'refund' | 'lookup';
const KEY = 'sk_test_123';
const WEBHOOK_SECRET = 'whsec_for_tests_only';
const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Opens it on a free port; it is closed after the tests of the file. */
export async function testStripe(): Promise<TestStripe> {
  const accounts = new Map<string, Account>();
  const open = (name: string, organization: string): StripeBooks => {
    const books = new StripeBooks();
    accounts.set(name, { books, organization, remembered: new Map() });
    return books;
  };
  const own = open('', '');
  const troubles: { operation: Operation; trouble: Trouble | { readonly as: 'fails' } }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const asked = await read(request);
      const at = troubles.findIndex(({ operation }) => operation === operationOf(asked));
      const [next] = at < 0 ? [] : troubles.splice(at, 1);
      const execute = () => answerOf(accounts, asked);
      if (next) troubled(next.trouble, execute, accounts.get(asked.account), asked, response);
      else send(response, execute());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    settings: {
      STRIPE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    },
    own,
    connect: open,
    trouble(operation, trouble, times = 1) {
      troubles.push(...Array.from({ length: times }, () => ({ operation, trouble })));
    },
    forgetKeys() {
      for (const { remembered } of accounts.values()) remembered.clear();
    },
    event(type, object, { at = new Date(), id = `evt_${newId()}`, account } = {}) {
      const payload = JSON.stringify({ id, object: 'event', type, account, data: { object } });
      const timestamp = Math.floor(at.getTime() / 1_000);
      const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, timestamp });
      return { body: Buffer.from(payload), headers: { 'stripe-signature': signature } };
    },
  };
}

type Accounts = ReadonlyMap<string, Account>;

interface Account {
  readonly books: StripeBooks;
  readonly organization: string;
  /** What was answered under which key, to what. */
  readonly remembered: Map<string, { readonly asked: string; readonly answer: StripeAnswer }>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly params: Params;
  readonly account: string;
  readonly key: string | undefined;
  readonly authorized: boolean;
}

interface StripeAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://stripe');
  const { method = '', headers } = request;
  const form = method === 'POST' ? new URLSearchParams(await text(request)) : searchParams;
  return {
    method,
    path,
    params: nested(form),
    account: (headers['stripe-account'] as string | undefined) ?? '',
    key: headers['idempotency-key'] as string | undefined,
    authorized: headers.authorization === `Bearer ${KEY}`,
  };
}

/** `metadata[reference]=7` is `{ metadata: { reference: '7' } }`. */
function nested(form: URLSearchParams): Params {
  const params: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const steps = name.split(/[[\]]+/).filter((step) => step !== '');
    const last = steps.pop() ?? '';
    let inner = params;
    for (const step of steps) inner = (inner[step] ??= {}) as Record<string, unknown>;
    inner[last] = value;
  }
  return params as Params;
}

/** The answer under a key is the first one, whatever it was: also a failure, unless it came before anything was begun. */
function answerOf(accounts: Accounts, asked: Asked): StripeAnswer {
  const { method, path, params, account, key, authorized } = asked;
  if (!authorized)
    return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key' } } };
  const named = /^\/v1\/accounts\/(\w+)$/.exec(path)?.[1] ?? account;
  const known = accounts.get(named);
  if (!known) {
    const error = { type: 'invalid_request_error', code: 'account_invalid', message: `No access to ${named}.` };
    return { status: 403, body: { error } };
  }
  const { books, organization, remembered } = known;
  if (named !== account) return { status: 200, body: { id: named, object: 'account', metadata: { organization } } };
  const whole = JSON.stringify([method, path, params]);
  const before = key === undefined ? undefined : remembered.get(key);
  if (before && before.asked !== whole) {
    const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
    return { status: 400, body: { error: { type: 'idempotency_error', message } } };
  }
  if (before) return { ...before.answer, headers: { ...before.answer.headers, 'idempotent-replayed': 'true' } };
  const answer = executed(books, asked);
  if (key !== undefined && answer.status !== 404) remembered.set(key, { asked: whole, answer });
  return answer;
}

function executed(books: StripeBooks, { method, path, params: { expand, ...params } }: Asked): StripeAnswer {
  const paths = Object.values((expand ?? {}) as Params).map(String);
  try {
    const found = ROUTES.find((route) => route.method === method && route.path.test(path));
    if (!found)
      throw new StripeFailure(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${path}).` });
    const done = found.do(books, params, found.path.exec(path)?.[1] ?? '');
    if (!isPage(done)) return { status: 200, body: structuredClone(books.shown(done, paths)) };
    const data = done.data.map((each) =>
      books.shown(
        each,
        paths.map((name) => name.replace(/^data\./, '')),
      ),
    );
    return { status: 200, body: structuredClone({ object: 'list', url: path, ...done, data }) };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return { status: error.status, body: structuredClone({ error: error.error }) };
  }
}

interface Page {
  readonly data: readonly StripeObject[];
  readonly has_more: boolean;
}

const isPage = (done: StripeObject | Page): done is Page => Array.isArray(done['data' as never]);

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly do: (books: StripeBooks, params: Params, id: string) => StripeObject | Page;
}

const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/v1\/payment_intents$/, do: (books, params) => books.create(params) },
  { method: 'GET', path: /^\/v1\/payment_intents$/, do: (books, params) => books.list('payment_intent', params) },
  { method: 'GET', path: /^\/v1\/payment_intents\/(\w+)$/, do: (books, _, id) => books.find(id) },
  {
    method: 'POST',
    path: /^\/v1\/payment_intents\/(\w+)\/increment_authorization$/,
    do: (books, params, id) => books.increment(id, params),
  },
  {
    method: 'POST',
    path: /^\/v1\/payment_intents\/(\w+)\/capture$/,
    do: (books, params, id) => books.capture(id, params),
  },
  { method: 'POST', path: /^\/v1\/payment_intents\/(\w+)\/cancel$/, do: (books, _, id) => books.cancel(id) },
  { method: 'POST', path: /^\/v1\/refunds$/, do: (books, params) => books.refund(params) },
  { method: 'GET', path: /^\/v1\/refunds$/, do: (books, params) => books.list('refund', params) },
  {
    method: 'GET',
    path: /^\/v1\/balance_transactions$/,
    do: (books, params) => books.list('balance_transaction', params),
  },
];

function operationOf({ method, path }: Asked): Operation | undefined {
  if (path === '/v1/payment_intents') return method === 'POST' ? 'authorize' : 'lookup';
  if (path === '/v1/refunds' && method === 'POST') return 'refund';
  return path.endsWith('/capture') ? 'capture' : undefined;
}

/** Goes wrong: on the way to Stripe or back, or, when it fails itself, for good under this key. */
function troubled(
  trouble: Trouble | { readonly as: 'fails' },
  execute: () => StripeAnswer,
  account: Account | undefined,
  { method, path, params, key = '' }: Asked,
  response: ServerResponse,
): void {
  const error = (status: number): StripeAnswer => ({
    status,
    body: { error: { type: status === 429 ? 'rate_limit_error' : 'api_error', message: 'Something went wrong.' } },
  });
  switch (trouble.as) {
    case 'falls_silent':
      execute();
      return;
    case 'never_hears':
      return;
    case 'garbles':
      execute();
      response.end('<html>');
      return;
    case 'errs':
      if (trouble.after) execute();
      send(response, error(trouble.status));
      return;
    case 'hangs_up':
      if (trouble.after) execute();
      response.socket?.resetAndDestroy();
      return;
    case 'fails': {
      const answer = { ...error(500), headers: { 'stripe-should-retry': 'false' } };
      account?.remembered.set(key, { asked: JSON.stringify([method, path, params]), answer });
      send(response, answer);
    }
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: StripeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${newId()}`, ...headers });
  response.end(JSON.stringify(body));
}
