import { Broken } from '@comanda/faults/broken';
import type { Cluster, KubernetesObject } from './cluster.js';
import { until } from './cluster.js';
import { job, type Run } from './objects.js';

interface Job extends KubernetesObject {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Runs a program on the cluster to its end, so many times side by side. Whether it went well is in what it said.
 * @returns what each of them said
 */
export async function runToEnd(cluster: Cluster, name: string, times: number, run: Run): Promise<string[]> {
  await cluster.remove('job', name);
  await cluster.apply(job(name, times, run));
  await until(`${name} has ended`, 600, async () => {
    const { conditions = [] } = (await cluster.get<Job>('job', name)).status;
    return conditions.some(({ type, status }) => ['Complete', 'Failed'].includes(type) && status === 'True');
  });
  const pods = await cluster.list('pods', `job-name=${name}`);
  const said = await Promise.all(pods.map(({ metadata }) => cluster.kubectl(['logs', metadata.name])));
  await cluster.remove('job', name);
  return said;
}

/**
 * Finds what a program printed as JSON among the rest of what it said: logs have both of its streams.
 * @throws Broken with all that it said, where there is none
 */
export function jsonIn(said: string): unknown {
  const [found] = /^[[{](?:[\s\S]*^)?[^\n]*[\]}]$/m.exec(said) ?? [];
  if (found === undefined) throw new Broken(`It should have printed JSON, and said: ${said}`);
  return JSON.parse(found);
}
