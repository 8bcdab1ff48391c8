import type { Random } from './random.js';

/** How likely each fault is, each time that it could happen. */
export interface Chances {
  /** A message or statement that takes a noticeable while, or a very long one. */
  readonly slow: number;
  readonly stall: number;
  /** A connection to the database that is cut before a statement reaches it, and after it was carried out. */
  readonly cutBefore: number;
  readonly cutAfter: number;
  /** A commit whose acknowledgement is lost. */
  readonly lostCommit: number;
  /** A statement that fails with 40001 or 40P01. */
  readonly collision: number;
  /** An append to the log that is not carried out, that is in part, and that is but is not acknowledged. */
  readonly appendLost: number;
  readonly appendTorn: number;
  readonly appendUnacknowledged: number;
  /** A position that the log forgets again. */
  readonly positionLost: number;
  /** A request that never arrives, whose answer never does, and that arrives twice. */
  readonly requestLost: number;
  readonly answerLost: number;
  readonly requestDoubled: number;
  /** A call to the provider that goes wrong in one way or another. */
  readonly providerTrouble: number;
  /** A card that is declined. */
  readonly declined: number;
  /** Milliseconds between two larger misfortunes: kills, crashes of a database, partitions that change hands; 0 for none. */
  readonly misfortuneEvery: number;
}

/** Nothing goes wrong, and nothing takes long. */
export const CALM: Chances = {
  slow: 0,
  stall: 0,
  cutBefore: 0,
  cutAfter: 0,
  lostCommit: 0,
  collision: 0,
  appendLost: 0,
  appendTorn: 0,
  appendUnacknowledged: 0,
  positionLost: 0,
  requestLost: 0,
  answerLost: 0,
  requestDoubled: 0,
  providerTrouble: 0,
  declined: 0,
  misfortuneEvery: 0,
};

/** A seed's own weather: each fault is absent, rare or frequent, so that some seeds are about one thing and some about all. */
export function weather(chance: Random): Chances {
  const often = (most: number): number => chance.pick([0, most / 5, most]);
  return {
    slow: often(0.1),
    stall: often(0.01),
    cutBefore: often(0.02),
    cutAfter: often(0.02),
    lostCommit: often(0.15),
    collision: often(0.05),
    appendLost: often(0.2),
    appendTorn: often(0.3),
    appendUnacknowledged: often(0.3),
    positionLost: often(0.3),
    requestLost: often(0.2),
    answerLost: often(0.3),
    requestDoubled: often(0.4),
    providerTrouble: often(0.6),
    declined: often(0.3),
    misfortuneEvery: chance.pick([0, 400, 1_500]),
  };
}
