import { acknowledgedIsStored } from './acknowledged.js';
import { everythingArrives, orderIsKept } from './flow.js';
import type { Invariant } from './invariant.js';
import { ledgerSumsToZero, providerAgrees, totalsAddUp } from './money.js';
import { pointsAreTheirEntries } from './points.js';
import { noSecretIsKept } from './secrets.js';
import { menusAgree, stockIsItsMovements } from './stock-and-menus.js';
import { tenantsStayApart } from './tenancy.js';

export * from './invariant.js';
export * from './catching-up.js';
export { TEST_CARD_NUMBERS } from './secrets.js';

/** Every invariant whose part of the platform exists. */
export const INVARIANTS: readonly Invariant[] = [
  ledgerSumsToZero,
  providerAgrees,
  totalsAddUp,
  acknowledgedIsStored,
  everythingArrives,
  orderIsKept,
  stockIsItsMovements,
  pointsAreTheirEntries,
  menusAgree,
  tenantsStayApart,
  noSecretIsKept,
];
