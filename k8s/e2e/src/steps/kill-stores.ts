import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '@comanda/faults/broken';
import { type Cluster, isReady, type Pod, until } from '../cluster/cluster.js';
import { Refused } from '../cluster/program.js';
import { type Guests, whileServing } from '../guests/guests.js';
import type { Stage, Step } from '../run/step.js';

export const killBroker: Step = {
  name: 'kill-broker',
  title: 'kill -9 of the broker while guests are served: no request fails, every event arrives',
  run: (stage) => whileServing(stage, {}, (guests) => killed(stage, guests, 'kafka-0', 'kill -KILL $(pidof java)')),
};

export const killDatabase: Step = {
  name: 'kill-database',
  title: 'kill -9 of PostgreSQL while guests are served: what was acknowledged is there once, and no pod starts anew',
  async run(stage) {
    const { cluster } = stage;
    const restarts = await restartsOfServices(cluster);
    await whileServing(stage, { mayFail: true }, (guests) =>
      killed(stage, guests, 'postgres-0', 'kill -KILL $(head -n 1 /data/postgres/postmaster.pid)'),
    );
    const since = (await restartsOfServices(cluster)) - restarts;
    expectThat(since === 0, `Pods of services were started anew ${since} times.`);
  },
};

/** Kills a server in its container, which starts it again with its data, and waits until guests are served again. */
async function killed({ cluster, noted, say }: Stage, guests: Guests, name: string, command: string): Promise<void> {
  const before = restartsOf(await cluster.get<Pod>('pod', name));
  // The shell may be torn down with what it kills; that the server was killed is seen by its new start.
  await cluster.kubectl(['exec', name, '--', 'sh', '-c', command]).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
  const back = await until(`${name} is back`, 120, async () => {
    const pod = await cluster.get<Pod>('pod', name);
    return restartsOf(pod) > before && isReady(pod);
  });
  noted.figures['server back within, s'] = back;
  say(`${name} is back after ${back} s`);
  const { now } = await guests.look();
  const served = await until(
    'orders and payments are taken again',
    60,
    async () => (await guests.look(now)).taken >= ENOUGH,
  );
  noted.figures['guests served again within, s'] = served;
  await pause(AFTERWARDS);
}

/** Orders and payments that show that both are taken. */
const ENOUGH = 20;

/** Guests go on for a while, milliseconds: what comes late is seen. */
const AFTERWARDS = 15_000;

const restartsOf = ({ status }: Pod): number =>
  (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

async function restartsOfServices(cluster: Cluster): Promise<number> {
  const pods = await cluster.list<Pod>('pods', 'app.kubernetes.io/part-of=comanda');
  return pods.reduce((sum, pod) => sum + restartsOf(pod), 0);
}
