import { randomBytes } from 'node:crypto';
import { namespace, secret } from '../cluster/objects.js';
import { manifest } from '../manifest.js';
import type { Step } from '../run/step.js';

/** Secrets are made once: on a kept installation the databases know the old ones. */
export const stores: Step = {
  name: 'stores',
  title: 'PostgreSQL, Kafka and Redis are installed: kubectl apply -f manifests/stores.yaml',
  isGround: true,
  async run({ cluster, noted, say }) {
    await cluster.apply(namespace(cluster.namespace));
    const known = await cluster.list('secrets');
    if (!known.some(({ metadata }) => metadata.name === 'stores')) await cluster.apply(...secrets());
    await cluster.apply(await manifest('stores'));
    say('waiting until they answer');
    const workloads = ['statefulset/postgres', 'statefulset/kafka', 'deployment/redis'];
    await Promise.all(workloads.map((each) => cluster.rolledOut(each)));
    noted.figures['servers'] = 4;
  },
};

function secrets(): object[] {
  const random = (): string => randomBytes(24).toString('base64url');
  const password = random();
  const on = (host: string, database: string): string => `postgresql://postgres:${password}@${host}:5432/${database}`;
  return [
    secret('stores', { POSTGRES_PASSWORD: password, SANDBOX_PSP_DATABASE_URL: on('books', 'comanda_sandbox_psp') }),
    secret('comanda', { COMANDA_SECRET: random() }),
    secret('comanda-owner', { DATABASE_URL: on('postgres', 'postgres') }),
    secret('comanda-redis', { REDIS_URL: 'redis://redis:6379' }),
    secret('provider', {
      SANDBOX_PSP_KEY: random(),
      SANDBOX_PSP_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    }),
  ];
}
