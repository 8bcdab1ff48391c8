import { SERVICES } from '@comanda/contracts/words';
import { balancerOf } from '../balancer/host.js';
import { type Cluster, isReady } from '../cluster/cluster.js';
import { secret } from '../cluster/objects.js';
import { jsonIn, runToEnd } from '../cluster/run-to-end.js';
import { helmRelease } from '../cluster/release.js';
import { imageOf } from '../images/images.js';
import { manifest } from '../manifest.js';
import { programMap } from '../programs.js';
import type { Step } from '../run/step.js';

export const install: Step = {
  name: 'install',
  title:
    'the platform is installed: helm install comanda charts/comanda --wait; a load balancer before it, the demo chain in it',
  isGround: true,
  async run({ cluster, noted, say }) {
    await cluster.apply(await manifest('provider'));
    await cluster.rolledOut('deployment/provider');
    say('installing the platform');
    const start = performance.now();
    await helmRelease(cluster.namespace).install('v1');
    noted.figures['installed within, s'] = Math.round((performance.now() - start) / 1_000);
    const pods = (await Promise.all(SERVICES.map((service) => cluster.podsOf(service)))).flat();
    noted.figures['pods ready'] = pods.filter(isReady).length;
    say('putting a load balancer before it');
    await cluster.apply(await programMap('balancer'), await manifest('balancer'));
    await cluster.rolledOut('deployment/balancer');
    say('loading the demo chain');
    const demo = await seed(cluster);
    await cluster.apply(
      secret('demo', { DEMO: JSON.stringify(demo) }),
      secret('comanda-test', { COMANDA_API_KEY: demo.apiKey }),
    );
    noted.figures['locations'] = demo.locations.length;
  },
};

interface Demo {
  readonly apiKey: string;
  readonly locations: readonly object[];
}

async function seed(cluster: Cluster): Promise<Demo> {
  const [said = ''] = await runToEnd(cluster, 'seed', 1, {
    image: imageOf('comanda', 'v1'),
    args: ['seed', '--url', balancerOf(cluster.namespace), '--json'],
    env: {
      COMANDA_HOME: '/tmp',
      COMANDA_SECRET: { secret: 'comanda', key: 'COMANDA_SECRET' },
      DATABASE_URL: { secret: 'comanda-owner', key: 'DATABASE_URL' },
    },
  });
  return jsonIn(said) as Demo;
}
