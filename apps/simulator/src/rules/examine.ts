import { topicOf } from '@comanda/contracts';
import { type AuditedService, examineAll, INVARIANTS, type Sources } from '@comanda/invariants';
import { SELLING } from '../house/house.js';
import { SimulatedLog } from '../log/simulated-log.js';
import type { Stage } from '../scenario/run-seed.js';
import { promises } from './promises.js';

/** Those that hold at any moment, and those that need everything to have arrived. */
const ALWAYS: readonly string[] = ['I1', 'I4', 'I6', 'I8'];
const AT_REST: readonly string[] = [...ALWAYS, 'I2', 'I3', 'I5', 'I7'];

/**
 * Looks whether what must be true is.
 * @param when `always`: while faults keep coming; `at rest`: when everything should have come together
 * @returns a sentence for each thing that is not
 */
export async function examine(stage: Stage, when: 'always' | 'at rest'): Promise<string[]> {
  const wanted = when === 'always' ? ALWAYS : AT_REST;
  const violations: string[] = [];
  for await (const { id, examined, violations: found } of examineAll(
    INVARIANTS.filter((invariant) => wanted.includes(invariant.id)),
    sourcesOf(stage),
  ))
    // An evening on which nobody paid by card is no violation.
    if (examined > 0) violations.push(...found.map((violation) => `${id}: ${violation}`));
  return when === 'always' ? violations : [...violations, ...(await promises(stage))];
}

function sourcesOf({ ground, broker, provider, world }: Stage): Sources {
  return {
    services: SERVICES,
    log: new SimulatedLog(broker),
    async query(service, sql, values = []) {
      if (service === 'sandbox_psp') return chargesOf(provider) as never;
      const database = ground.databaseOf(service);
      await ground.backends.administer(database, `set sim.now = '${new Date(world.now).toISOString()}'`);
      return ground.backends.administer(database, sql, [...values]);
    },
  };
}

const SERVICES: readonly AuditedService[] = SELLING.map(({ name, consumes }) => ({
  name,
  topic: topicOf(name),
  consumes: consumes.map(({ type }) => type),
  topics: [...new Set(consumes.map(({ topic }) => topic))],
}));

/** The provider's books as an audit reads those of the sandbox. */
const chargesOf = ({ books }: Stage['provider']): object[] =>
  [...books.charges.values()].map(({ id, reference, organizationId, open, authorized, captured, refunded }) => ({
    organization_id: organizationId,
    id,
    reference,
    held: captured - refunded,
    hold: open ? authorized : 0,
  }));
