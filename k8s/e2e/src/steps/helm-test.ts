import { helmRelease } from '../cluster/release.js';
import { expectThat } from '@comanda/faults/broken';
import type { Step } from '../run/step.js';

export const helmTest: Step = {
  name: 'helm-test',
  title: 'helm test places and pays a real order',
  async run({ cluster, noted }) {
    const said = await helmRelease(cluster.namespace).test();
    const told = /^Order .+$/m.exec(said)?.[0];
    expectThat(told !== undefined, `helm test does not tell of an order:\n${said}`);
    noted.figures['it said'] = told;
  },
};
