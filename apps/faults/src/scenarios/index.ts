import type { Scenario } from '../run/scenario.js';
import { brokerDown } from './broker-down.js';
import { killBetweenCaptureAndCommit } from './kill-between-capture-and-commit.js';
import { killEverybody } from './kill-everybody.js';
import { killOrders } from './kill-orders.js';
import { postgresRestarts } from './postgres-restarts.js';

/** Every fault that is made on real processes, in the order in which they are. */
export const SCENARIOS: readonly Scenario[] = [
  killOrders,
  killBetweenCaptureAndCommit,
  killEverybody,
  brokerDown,
  postgresRestarts,
];
