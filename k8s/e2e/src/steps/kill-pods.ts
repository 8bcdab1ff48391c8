import { SERVICES } from '@comanda/contracts/words';
import { isReady, until } from '../cluster/cluster.js';
import { whileServing } from '../guests/guests.js';
import type { Step } from '../run/step.js';

export const killPods: Step = {
  name: 'kill-pods',
  title: 'a pod of every service is deleted by force, without grace: nothing is lost, nothing is there twice',
  async run(stage) {
    const { cluster, noted, say } = stage;
    await whileServing(stage, { mayFail: true }, async () => {
      let slowest = 0;
      for (const service of SERVICES) {
        const pods = await cluster.podsOf(service);
        const [victim] = pods;
        if (!victim) throw new Error(`There is no pod of ${service}.`);
        const { name } = victim.metadata;
        await cluster.kubectl(['delete', 'pod', name, '--force', '--grace-period=0', '--wait=false']);
        const seconds = await until(`${service} is whole again`, 300, async () => {
          const now = await cluster.podsOf(service);
          return now.length >= pods.length && now.every((each) => each.metadata.name !== name && isReady(each));
        });
        slowest = Math.max(slowest, seconds);
        say(`${service} is whole again after ${seconds} s`);
      }
      Object.assign(noted.figures, { killed: SERVICES.length, 'whole again within, s': slowest });
    });
  },
};
