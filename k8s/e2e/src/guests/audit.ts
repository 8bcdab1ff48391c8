import { readAudit } from '@comanda/faults/accounting';
import type { Cluster } from '../cluster/cluster.js';
import { runToEnd } from '../cluster/run-to-end.js';
import { imageOf } from '../images/images.js';

/**
 * Has `comanda audit` examine every invariant, from inside the cluster.
 * @returns what it found broken, each a sentence, and how many invariants it had something to look at for
 * @throws Broken when something does not follow in time
 */
export async function audit(cluster: Cluster): Promise<{ violations: string[]; holding: number }> {
  const [said = ''] = await runToEnd(cluster, 'audit', 1, {
    image: imageOf('comanda', 'v1'),
    args: ['audit', '--json', '--within', '180'],
    env: {
      COMANDA_HOME: '/tmp',
      COMANDA_SECRET: { secret: 'comanda', key: 'COMANDA_SECRET' },
      DATABASE_URL: { secret: 'comanda-owner', key: 'DATABASE_URL' },
      SANDBOX_PSP_DATABASE_URL: { secret: 'stores', key: 'SANDBOX_PSP_DATABASE_URL' },
      KAFKA_BROKERS: 'kafka:9092',
    },
  });
  return readAudit(said);
}
