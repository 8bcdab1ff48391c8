import type { Scenario } from '../run/scenario.js';
import { brokerAnswersLate } from './broker-answers-late.js';
import { brokerDown } from './broker-down.js';
import { brokerLost } from './broker-lost.js';
import { diskFull } from './disk-full.js';
import { killBetweenCaptureAndCommit } from './kill-between-capture-and-commit.js';
import { killCatalog } from './kill-catalog.js';
import { killEverybody } from './kill-everybody.js';
import { killOrders } from './kill-orders.js';
import { killRelay } from './kill-relay.js';
import { lateCommit } from './late-commit.js';
import { migrationKilled } from './migration-killed.js';
import { oneKey } from './one-key.js';
import { poison } from './poison.js';
import { poolExhausted } from './pool-exhausted.js';
import { postgresReadOnly } from './postgres-read-only.js';
import { postgresRestarts } from './postgres-restarts.js';
import { providerFails } from './provider-fails.js';
import { providerSlow } from './provider-slow.js';
import { redisAway } from './redis-away.js';
import { stopUnderLoad } from './stop-under-load.js';
import { webhooksRepeated } from './webhooks-repeated.js';

/** Every fault that is made on real processes, in the order in which they are. */
export const SCENARIOS: readonly Scenario[] = [
  killOrders,
  killBetweenCaptureAndCommit,
  killEverybody,
  killCatalog,
  killRelay,
  brokerDown,
  brokerLost,
  brokerAnswersLate,
  postgresRestarts,
  postgresReadOnly,
  poolExhausted,
  lateCommit,
  redisAway,
  providerSlow,
  providerFails,
  webhooksRepeated,
  oneKey,
  poison,
  migrationKilled,
  stopUnderLoad,
  diskFull,
];
