import { createServer } from 'node:http';
import { accountFor } from '@comanda/faults/accounting';
import { Dice } from '@comanda/faults/dice';
import { Traffic } from '@comanda/faults/traffic';
import { figuresOf } from './figures.js';
import type { Answer } from './answer.js';

// The program of the guests' pod: they order and pay through the load balancer until they are told to end; then what they were
// told is held against the databases. GET /figures?since=… says how it goes, POST /end ends it.
const { BALANCER = '', DEMO = '', DATABASE_URL = '', TILLS = '4', PACE = '100', PORT = '8099' } = process.env;
const demo = JSON.parse(DEMO) as Parameters<typeof Traffic.begin>[0]['demo'];

const traffic = await Traffic.begin(
  { urlOf: () => BALANCER, demo },
  { dice: new Dice(Date.now()), tills: Number(TILLS), pace: Number(PACE) },
);

const end = async (): Promise<Answer> => {
  const { sales, operations, defects } = await traffic.stop();
  const database = (name: string): string => new URL(`/comanda_${name}`, DATABASE_URL).href;
  const account = await accountFor(
    { orders: database('orders'), payments: database('payments') },
    { sales, operations },
    120_000,
  );
  return { ...figuresOf(traffic.attempts), ...account, defects };
};

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://guests');
  const since = Number(searchParams.get('since') ?? 0);
  const answer = request.method === 'POST' && pathname === '/end' ? end() : figuresOf(traffic.attempts, since);
  Promise.resolve(answer).then(
    (figures) => response.end(JSON.stringify(figures)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT));
