import { SERVICES } from '@comanda/contracts/words';
import { expectThat } from '@comanda/faults/broken';
import { type Cluster, isReady, type Pod, until } from '../cluster/cluster.js';
import { whileServing } from '../guests/guests.js';
import type { Step } from '../run/step.js';

export const drain: Step = {
  name: 'drain',
  title: 'kubectl drain of a node while guests are served: its pods move, no request fails',
  async run(stage) {
    const { cluster, noted, say } = stage;
    const node = await nodeToDrain(cluster);
    const before = await podsOn(cluster, node);
    await whileServing(stage, {}, async () => {
      say(`draining ${node}, where ${before.length} pods are`);
      try {
        const start = performance.now();
        await cluster.kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=900s']);
        noted.figures['pods moved'] = before.length;
        noted.figures['drained within, s'] = Math.round((performance.now() - start) / 1_000);
        await until('every service is whole again', 300, () => isWhole(cluster));
        expectThat((await podsOn(cluster, node)).length === 0, `Pods of ours are still on ${node}.`);
      } finally {
        await cluster.kubectl(['uncordon', node]);
      }
    });
  },
};

/** One on which pods of ours are, and not the stores, whose disks would go with them. */
async function nodeToDrain(cluster: Cluster): Promise<string> {
  const stores = new Set((await cluster.list<Pod>('pods', 'part-of=stores')).map(({ spec }) => spec.nodeName));
  const ours = (await Promise.all(SERVICES.map((service) => cluster.podsOf(service)))).flat();
  const node = ours.map(({ spec }) => spec.nodeName).find((name) => name && !stores.has(name));
  expectThat(
    node !== undefined,
    'There is no second node with pods of ours: a node can be drained where there are two.',
  );
  return node;
}

async function podsOn(cluster: Cluster, node: string): Promise<readonly Pod[]> {
  const ours = (await Promise.all(SERVICES.map((service) => cluster.podsOf(service)))).flat();
  return ours.filter(({ spec }) => spec.nodeName === node);
}

async function isWhole(cluster: Cluster): Promise<boolean> {
  const each = await Promise.all(SERVICES.map((service) => cluster.podsOf(service)));
  return each.every((pods) => pods.length >= 2 && pods.every(isReady));
}
