import { waiting } from '../driver/open-loop.js';
import type { Scenario } from '../load/scenario.js';
import type { Stage } from '../load/stage.js';
import { fact, nothingWrongBut } from '../load/thresholds.js';
import { Recovery } from '../measures/recovery.js';
import type { OwnTarget } from '../load/target.js';
import { tillSells } from './journeys.js';

/** Something that goes wrong while guests come, and is mended. */
interface Fault {
  readonly name: string;
  /** Why it cannot go wrong here, in a sentence. */
  readonly impossible: (own: OwnTarget) => string | null;
  readonly begin: (own: OwnTarget, stage: Stage) => Promise<void>;
  readonly mend: (own: OwnTarget, stage: Stage) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'broker',
    impossible: ({ withoutBroker }) => withoutBroker,
    begin: async ({ broker }) => broker?.kill(),
    mend: async ({ broker }) => broker?.startAgain(),
  },
  {
    name: 'database',
    impossible: ({ postgres }) => (postgres.crash ? null : 'the database server is not ours to crash'),
    begin: async ({ postgres }) => postgres.crash?.begin(),
    mend: async ({ postgres }) => postgres.crash?.recover(),
  },
  {
    name: 'provider',
    impossible: () => null,
    // Charges the card, and then the answer is an error: what happened has to be looked up. A call that it never saw is declined.
    begin: async (_own, stage) => void (stage.card = 'tok_error_charged'),
    mend: async (_own, stage) => void (stage.card = undefined),
  },
];

/** The broker is killed, the database crashes, the card provider errs, one after the other, while tills go on selling. */
export const faults: Scenario = {
  title:
    'the broker is killed, the database crashes, the card provider errs, each for a while, while tills go on selling',
  journey: tillSells,
  amount: { rate: 20, seconds: 15, sessions: 0 },
  lasts: 'each step',
  patience: 60,
  connections: 256,
  breaks: true,
  needs: 'kafka',
  async play(stage, { rate, seconds }, { own }) {
    if (!own) throw new Error('Faults are made on a platform of their own.');
    const pace = { seconds, from: rate, to: rate };
    await stage.step('before', pace);
    const facts: Record<string, number | null> = {}; // of what could not be broken here there is none
    for (const fault of FAULTS) {
      const why = fault.impossible(own);
      if (why !== null) {
        stage.note(`Nothing was done to the ${fault.name}: ${why}.`);
        continue;
      }
      await Promise.all([stage.step(`${fault.name} away`, pace), begin(fault, own, stage)]);
      const recovery = new Recovery();
      const after = { ...pace, seconds: Math.max(WATCHED, seconds) };
      await Promise.all([
        stage.step(`${fault.name} back`, after, (visit) => recovery.note(visit)),
        fault.mend(own, stage),
      ]);
      await stage.finished();
      facts[served(fault.name)] = recovery.seconds();
    }
    return facts;
  },
  thresholds: [
    ...FAULTS.map(({ name }) => fact(served(name), { atMost: 15 })),
    nothingWrongBut('422 payment_declined'),
  ],
};

function served(name: string): string {
  return `as before after the ${name} was away, s`;
}

/** Seconds that the time after a fault is watched at least. */
const WATCHED = 20;

/** It goes wrong a moment after guests have begun to come. */
async function begin(fault: Fault, own: OwnTarget, stage: Stage): Promise<void> {
  await waiting(1_000, stage.signal);
  await fault.begin(own, stage);
}
