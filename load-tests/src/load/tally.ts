import { Latencies } from '../driver/latencies.js';
import type { Answered } from '../driver/patience.js';
import type { Question } from '../scenarios/orders.js';

/** A visit whose waits come to more than this, milliseconds, was not served: the guest has gone elsewhere. */
const SERVED_WITHIN = 3_000;

/** How a guest's visit ended. */
export interface VisitEnd {
  /** Everything that was asked for was had. */
  readonly well: boolean;
  /** Milliseconds that the guest waited in all, thinking left out: from when the visit was due. */
  readonly waited: number;
}

/** What came of those who came in one step of a load. */
export class Tally {
  /** Visits that were due. */
  came = 0;
  /** Of them, those who had everything within `SERVED_WITHIN`, however late the step was over by then. */
  served = 0;
  /** Visits of any step that were served while this one lasted. */
  servedMeanwhile = 0;
  /** Visits that this client did not begin: too many were under way. */
  unsent = 0;
  readonly waits = new Latencies();
  /** How late this client was to send: what it adds to every wait. */
  readonly lateness = new Latencies();
  readonly #questions = new Map<Question, QuestionTally>();

  /** Notes an answer to a question that was asked, or should have been, so many milliseconds before. */
  answered(question: Question, answer: Answered, took: number): void {
    let tally = this.#questions.get(question);
    if (!tally) this.#questions.set(question, (tally = new QuestionTally()));
    tally.note(answer, took);
  }

  /** Notes the end of a visit. @returns whether the guest was served */
  ended({ well, waited }: VisitEnd): boolean {
    const served = well && waited <= SERVED_WITHIN;
    if (served) this.served += 1;
    if (well) this.waits.record(waited);
    return served;
  }

  get questions(): ReadonlyMap<Question, QuestionTally> {
    return this.#questions;
  }
}

/** The answers to one question. */
export class QuestionTally {
  /** Of answers as they should be: how long they took. */
  readonly latencies = new Latencies();
  readonly #told = new Map<string, number>();
  turnedAway = 0;

  note(answer: Answered, took: number): void {
    this.turnedAway += answer.turnedAway;
    if (answer.status >= 200 && answer.status < 300) return this.latencies.record(took);
    const told = toldOf(answer);
    this.#told.set(told, (this.#told.get(told) ?? 0) + 1);
  }

  /** What those were told who were not given what they wanted, by how often. */
  get told(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#told);
  }
}

/** Nobody needs to be told anything but these two: come back later. */
export const MAY_BE_TOLD: readonly string[] = ['429, come back', '503, come back'];

/** In a few words: a status, with the code of the problem where it is one; nothing, where nothing was answered. */
function toldOf({ status, retryAfter, body }: Answered): string {
  if (status === 0) return 'nothing';
  if (retryAfter !== null) return `${status}, come back`;
  const [, code] = /"code":"(\w+)"/.exec(body) ?? [];
  return code === undefined ? String(status) : `${status} ${code}`;
}
