import { Broken, expectThat } from '@comanda/faults/broken';
import { balancerOf } from '../balancer/host.js';
import type { Cluster } from '../cluster/cluster.js';
import { pod } from '../cluster/objects.js';
import { imageOf } from '../images/images.js';
import { programMap } from '../programs.js';
import type { Stage } from '../run/step.js';
import type { Answer, Figures } from './answer.js';
import { audit } from './audit.js';

/** Guests who order and pay through the load balancer, from a pod of their own. */
export interface Guests {
  /** How it goes, since a moment of their clock. */
  look(since?: number): Promise<Figures>;
}

export interface Serving {
  /** How many are served side by side. */
  readonly tills?: number;
  /** Milliseconds between two guests of a till, on average. */
  readonly pace?: number;
  /** Whether requests may fail for a while: their clients ask again under the same key. */
  readonly mayFail?: boolean;
}

/**
 * Does something while guests are served; afterwards holds what they were told against the databases and examines the
 * invariants, and notes all of it.
 * @throws Broken when something is lost or doubled, an invariant does not hold, or a request failed that may not
 */
export async function whileServing(
  stage: Stage,
  { tills = 4, pace = 100, mayFail = false }: Serving,
  work: (guests: Guests) => Promise<void>,
): Promise<void> {
  const { cluster, noted, say } = stage;
  await cluster.remove('pod', GUESTS);
  await cluster.apply(
    await programMap('guests'),
    pod(GUESTS, {
      image: imageOf('comanda', 'v1'),
      command: ['node', '/program/guests.mjs'],
      program: 'guests-program',
      ready: { path: '/figures', port: PORT },
      env: {
        BALANCER: balancerOf(cluster.namespace),
        DEMO: { secret: 'demo', key: 'DEMO' },
        DATABASE_URL: { secret: 'comanda-owner', key: 'DATABASE_URL' },
        TILLS: String(tills),
        PACE: String(pace),
        PORT: String(PORT),
      },
    }),
  );
  await untilServed(cluster);
  const at = `/api/v1/namespaces/${cluster.namespace}/pods/${GUESTS}:${PORT}/proxy`;
  const guests: Guests = {
    look: async (since = 0) =>
      JSON.parse(await cluster.kubectl(['get', '--raw', `${at}/figures?since=${since}`])) as Figures,
  };
  say('guests are served');
  const broken: unknown[] = [];
  await work(guests).catch((error: unknown) => broken.push(error));
  say('holding what they were told against what there is');
  const answer = JSON.parse(await cluster.kubectl(['create', '--raw', `${at}/end`, '--filename', '-'], '{}')) as Answer;
  note(stage, answer, mayFail);
  const { violations, holding } = await audit(cluster);
  noted.figures['invariants'] = `${holding} hold`;
  if (broken.length > 0) throw broken[0];
  expectThat(violations.length === 0, violations.join('\n'));
  const letDown = [...answer.lost, ...answer.duplicated, ...answer.defects, ...(mayFail ? [] : answer.failures)];
  expectThat(letDown.length === 0, letDown.slice(0, 10).join('\n'));
  expectThat(answer.operations > 0, 'Nobody ordered anything.');
  await cluster.remove('pod', GUESTS);
}

/** @throws Broken with what their program said, where it did not come up */
async function untilServed(cluster: Cluster): Promise<void> {
  try {
    await cluster.kubectl(['wait', '--for=condition=Ready', `pod/${GUESTS}`, '--timeout=180s']);
  } catch (error) {
    throw new Broken(`Nobody is served: ${(error as Error).message}\n${await cluster.kubectl(['logs', GUESTS])}`);
  }
}

/** A step may have guests more than once: what they did adds up, and the slowest time counts. */
function note({ noted }: Stage, answer: Answer, mayFail: boolean): void {
  const { requests, failed, operations, lost, duplicated, p50, p99 } = answer;
  const { figures } = noted;
  const before = (figure: string): number => Number(figures[figure] ?? 0);
  const counted = {
    requests,
    failed,
    'acknowledged operations': operations,
    lost: lost.length,
    duplicated: duplicated.length,
  };
  for (const [figure, count] of Object.entries(counted)) figures[figure] = before(figure) + count;
  for (const [figure, time] of Object.entries({ 'p50, ms': p50, 'p99, ms': p99 }))
    figures[figure] = Math.max(before(figure), time);
  noted.lost += lost.length;
  noted.duplicated += duplicated.length;
  if (!mayFail) noted.failedRequests += failed;
}

const GUESTS = 'guests';
const PORT = 8_099;
