import { z } from 'zod';
import { GOOD, type Manner, type Operation } from './manner.js';

const OPERATIONS = ['authorize', 'increment', 'capture', 'void', 'refund', 'lookup', 'code', 'settlement'] as const;

/** A bad day by script: how the next calls of an account are taken. */
export const Fault = z.strictObject({
  account: z.uuid(),
  operation: z.enum(OPERATIONS),
  times: z.int().min(1).max(100_000).default(1),
  manner: z.discriminatedUnion('as', [
    z.strictObject({ as: z.literal('declines'), code: z.string() }),
    z.strictObject({ as: z.literal('changes_its_mind') }),
    z.strictObject({ as: z.literal('falls_silent') }),
    z.strictObject({ as: z.literal('never_hears') }),
    z.strictObject({ as: z.literal('dawdles'), milliseconds: z.int().min(0).max(120_000) }),
    z.strictObject({ as: z.literal('errs'), status: z.int().min(400).max(599), after: z.boolean().default(false) }),
    z.strictObject({ as: z.literal('garbles') }),
    z.strictObject({ as: z.literal('hangs_up'), after: z.boolean().default(false) }),
  ]),
});

/** The faults that are still to come, for tests: the first that fits a call is used up by it. */
export class Faults {
  #waiting: { account: string; operation: Operation; manner: Manner; times: number }[] = [];

  add(fault: z.output<typeof Fault>): void {
    this.#waiting.push({ ...fault });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** How a call is taken: by script, or as its card says. */
  take(account: string, operation: Operation, otherwise: Manner = GOOD): Manner {
    const fault = this.#waiting.find((each) => each.account === account && each.operation === operation);
    if (!fault) return otherwise;
    fault.times -= 1;
    if (fault.times === 0) this.#waiting = this.#waiting.filter((each) => each !== fault);
    return fault.manner;
  }
}
