import { type Cluster, type KubernetesObject, until } from '../cluster/cluster.js';
import { whileServing } from '../guests/guests.js';
import type { Step } from '../run/step.js';

interface Deployment extends KubernetesObject {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

export const scale: Step = {
  name: 'scale',
  title: 'a rush makes the autoscaler of orders add pods, calm makes it take them away: no request fails',
  async run(stage) {
    const { cluster, noted, say } = stage;
    const few = await until('orders is at its fewest pods', 300, async () => (await ready(cluster)) === FEWEST);
    say(`orders is at ${FEWEST} pods after ${few} s`);
    await whileServing(stage, { tills: 24, pace: 0 }, async () => {
      const seconds = await until('more pods of orders are ready', 300, async () => (await ready(cluster)) > FEWEST);
      noted.figures['pods at rest'] = FEWEST;
      noted.figures['more pods within, s'] = seconds;
      noted.figures['pods in the rush'] = await ready(cluster);
      say(`${noted.figures['pods in the rush']} pods after ${seconds} s`);
    });
    await whileServing(stage, { tills: 1, pace: 2_000 }, async () => {
      const seconds = await until('the pods are gone again', 600, async () => (await ready(cluster)) === FEWEST);
      noted.figures['back at rest within, s'] = seconds;
    });
  },
};

/** As values.yaml has it. */
const FEWEST = 2;

/** @returns how many pods there are, where each that is wanted is ready; else none */
async function ready(cluster: Cluster): Promise<number> {
  const { spec, status } = await cluster.get<Deployment>('deployment', 'comanda-orders');
  return status.readyReplicas === spec.replicas ? spec.replicas : 0;
}
