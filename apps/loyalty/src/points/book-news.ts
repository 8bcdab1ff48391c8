import { together, type Tx } from '@comanda/platform';
import { book } from './book.js';
import { movesOf } from './order-points.js';
import { spendingOf } from './reward-points.js';
import { BATCH, factsOfNews, lockFacts, saveStates } from './points.store.js';

/**
 * Books what is new of an organization's orders, oldest first: seven statements and three round trips, however much it is.
 * @returns whether there may be more
 */
export async function bookNews(tx: Tx, organizationId: string): Promise<boolean> {
  // Sent together; the second waits for the lock, and sees what is committed when it has it.
  const [, facts] = await together(lockFacts(tx, organizationId), factsOfNews(tx, organizationId));
  if (facts.length === 0) return false;
  const orders = [...Map.groupBy(facts, ({ orderId }) => orderId).values()].map((ofOne) => ({
    ofOne,
    ...movesOf(ofOne),
    spending: spendingOf(ofOne),
  }));
  const moves = orders.flatMap((order) => [...order.moves, ...order.spending.moves]);
  const states = orders.flatMap(({ ofOne, state, spending }) => [
    ...ofOne.filter((fact) => fact.kind !== 'reward' && fact.state !== state).map((fact) => ({ ...fact, state })),
    ...spending.holdings.map((holding) => ({ ...holding, state: 'booked' as const })),
  ]);
  await together(book(tx, organizationId, moves), saveStates(tx, organizationId, states));
  return facts.filter(({ state }) => state === 'new').length >= BATCH;
}
