import { SERVICES } from '@comanda/contracts/words';
import { expectThat } from '@comanda/faults/broken';
import type { Cluster } from '../cluster/cluster.js';
import { helmRelease } from '../cluster/release.js';
import { whileServing } from '../guests/guests.js';
import { imageOf, type Version } from '../images/images.js';
import type { Stage, Step } from '../run/step.js';

export const upgrade: Step = {
  name: 'upgrade',
  title: 'helm upgrade to the next version while guests are served: no request fails',
  run: (stage) => become(stage, 'v2', (release) => release.upgrade('v2')),
};

export const rollback: Step = {
  name: 'rollback',
  title: 'helm rollback to the version before while guests are served: no request fails',
  run: (stage) => become(stage, 'v1', (release) => release.rollBack()),
};

type Release = ReturnType<typeof helmRelease>;

async function become(stage: Stage, version: Version, change: (release: Release) => Promise<void>): Promise<void> {
  const { cluster, noted, say } = stage;
  await whileServing(stage, {}, async () => {
    const start = performance.now();
    await change(helmRelease(cluster.namespace));
    const seconds = Math.round((performance.now() - start) / 1_000);
    noted.figures['took, s'] = seconds;
    noted.figures['pods replaced'] = await podsOf(cluster, version);
    say(`every pod is of ${version} after ${seconds} s`);
  });
}

/** @returns how many pods there are; each is of that version, or a promise is broken */
async function podsOf(cluster: Cluster, version: Version): Promise<number> {
  const all = await Promise.all(
    SERVICES.map(async (service) => {
      const pods = await cluster.podsOf(service);
      const other = pods.filter(({ spec }) => spec.containers.some(({ image }) => image !== imageOf(service, version)));
      expectThat(
        pods.length > 0 && other.length === 0,
        `${other.length} of ${pods.length} pods of ${service} are not of ${version}.`,
      );
      return pods.length;
    }),
  );
  return all.reduce((sum, pods) => sum + pods, 0);
}
