import fc from 'fast-check';
import type { Moved } from '../level.js';

export type Movement = Moved;

// Few moments, so that many movements share one with a count.
const moment = fc.integer({ min: 0, max: 12 }).map((hour) => new Date(Date.UTC(2026, 2, 6, hour)));
const movement = (kind: Moved['kind'], min: number, max: number): fc.Arbitrary<Moved> =>
  fc.record({
    kind: fc.constant(kind),
    quantity: fc.integer({ min, max }),
    occurredAt: moment,
    causeId: fc.uuid({ version: 7 }),
  });

/** What may happen to one stock item at one location, in any order. */
export const history: fc.Arbitrary<Moved[]> = fc.array(
  fc.oneof(
    movement('receipt', 1, 5_000),
    movement('sale', -500, -1),
    movement('return', 1, 500),
    movement('waste', -500, -1),
    movement('adjustment', -500, 500),
    movement('count', 0, 5_000),
  ),
  { maxLength: 30 },
);
