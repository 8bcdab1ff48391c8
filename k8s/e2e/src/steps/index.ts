import type { Step } from '../run/step.js';
import { drain } from './drain.js';
import { helmTest } from './helm-test.js';
import { images } from './images.js';
import { install } from './install.js';
import { killPods } from './kill-pods.js';
import { killBroker, killDatabase } from './kill-stores.js';
import { migrations } from './migrations.js';
import { restricted } from './restricted.js';
import { scale } from './scale.js';
import { stores } from './stores.js';
import { rollback, upgrade } from './upgrade.js';
import { wrongValues } from './wrong-values.js';

/** In the order in which they are taken. */
export const STEPS: readonly Step[] = [
  images,
  stores,
  install,
  helmTest,
  wrongValues,
  restricted,
  migrations,
  upgrade,
  rollback,
  drain,
  killPods,
  scale,
  killBroker,
  killDatabase,
];
