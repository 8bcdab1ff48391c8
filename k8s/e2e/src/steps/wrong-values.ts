import { expectThat } from '@comanda/faults/broken';
import { Refused } from '../cluster/program.js';
import { helmRelease } from '../cluster/release.js';
import type { Step } from '../run/step.js';

/** A wrong setting, and what the refusal must name. */
const WRONG: readonly (readonly [setting: string, named: RegExp])[] = [
  ['defualts.replicas=2', /defualts/],
  ['kafka.partitions=many', /partitions/],
  ['image.pullPolicy=Sometimes', /pullPolicy/],
  ['services.orders.autoscaling.maxReplicas=40', /maxReplicas 40 is more than the 12 partitions/],
  ['secret.name=nowhere', /no secret nowhere/],
];

export const wrongValues: Step = {
  name: 'wrong-values',
  title: 'helm install with a wrong value, or without a secret, is refused by name, and nothing is installed',
  async run({ cluster, noted }) {
    const release = helmRelease(cluster.namespace);
    for (const [setting, named] of WRONG) {
      const said = await release.installAnother(ANOTHER, setting).then(
        () => 'nothing: it was installed.',
        (error: unknown) => {
          if (error instanceof Refused) return error.message;
          throw error;
        },
      );
      expectThat(named.test(said), `To ${setting} Helm said ${said}`);
    }
    expectThat(!(await release.exists(ANOTHER)), 'A release was left behind.');
    noted.figures['refused'] = `${WRONG.length} of ${WRONG.length}`;
  },
};

const ANOTHER = 'comanda-wrong';
