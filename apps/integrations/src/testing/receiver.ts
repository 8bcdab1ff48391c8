import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

/** A request as a receiver got it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body, read. */
  readonly payload: { id: string; type: string; subject: string; aggregateVersion: number; data: unknown };
}

/** Answers a request: with a status, or by itself (also never). */
type Answer = number | ((response: ServerResponse) => void);

/** Somebody's HTTP server, which notes what it gets and answers as it is told. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Milliseconds at which each request came. */
  readonly times: number[];
  /** How many requests were open at once, at most. */
  most: number;
  answer: (request: Received) => Answer;
}

/** Listens on an address of this machine until the test ends. */
export async function openReceiver(
  answer: Receiver['answer'] = () => 204,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<Receiver & { close(): Promise<void>; port: number }> {
  let open = 0;
  const server = createServer((request, response) => {
    open++;
    receiver.most = Math.max(receiver.most, open);
    response.once('close', () => open--);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const got = { headers: request.headers, body, payload: JSON.parse(body) as Received['payload'] };
      receiver.received.push(got);
      receiver.times.push(Date.now());
      const answered = receiver.answer(got);
      if (typeof answered === 'number') response.writeHead(answered).end();
      else answered(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const bound = (server.address() as { port: number }).port;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  const receiver = {
    url: `http://${host}:${bound}/hook`,
    received: [] as Received[],
    times: [] as number[],
    most: 0,
    answer,
    port: bound,
    close,
  };
  onTestFinished(close);
  return receiver;
}

/** Whether one of a request's signatures is this secret's, computed from the words of the specification alone. */
export function isSignedBy(secret: string, { headers, body }: Received): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(signed).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`);
}
