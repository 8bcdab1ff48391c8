import { type Context, context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { Refusal } from '../refusal.js';
import { isConnectionLost, isInfrastructure } from './faults.js';
import { PATIENCE } from './patience.js';

/** What a group says of one of its members: its result, why it is refused, or that it has to be done by itself. */
export type Outcome<Result> = Result | Refusal | typeof ALONE;

/** Not in a group: what the member needs is only known, or only can be undone, in a transaction of its own. */
export const ALONE = Symbol('alone');

/** What comes of deciding on one member: a refusal is its own, anything else that goes wrong concerns the group. */
export async function outcomeOf<Result>(decide: () => Result | Promise<Result>): Promise<Result | Refusal> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The results of those that are neither refused nor to be done alone. */
export const done = <Result extends object>(outcomes: readonly Outcome<Result>[]): Result[] =>
  outcomes.filter((outcome): outcome is Result => isDone(outcome));

export const isDone = <Result extends object>(outcome: Outcome<Result>): outcome is Result =>
  outcome !== ALONE && !(outcome instanceof Refusal);

export interface GroupCommitOptions<Asked, Result> {
  /** Members of one lane share transactions: their organization. */
  lane(asked: Asked): string;
  /** Two that have one of these in common are done one after the other, as they came: a bill, an idempotency key. */
  apart(asked: Asked): readonly string[];
  /**
   * Does all of a group in one transaction, and says of each what came of it, in their order. It decides before it writes, so
   * that nothing of a refused member is written. When it throws, nothing was written, and each is done alone.
   */
  together(group: readonly Asked[]): Promise<readonly Outcome<Result>[]>;
  /** Does one by itself. */
  alone(asked: Asked): Promise<Result>;
  /** The most members of a group. */
  readonly size?: number;
  /** How many groups of a lane may be under way at once. */
  readonly width?: number;
  /** How many of a lane may wait for a group. */
  readonly most?: number;
  /** For how many milliseconds one waits. */
  readonly patience?: number;
  /** By when one is told to come back, as `performance.now()` tells it, where that was settled before it came here. */
  until?(asked: Asked): number | undefined;
  /** Whether a repeat finds what came of the first: then one is told to come back though its group is under way. */
  readonly repeatable?: boolean;
}

/**
 * Group commit: what many ask for at about the same time is written in one transaction, which costs about as much as one of
 * them alone. Nobody waits for a group to fill: who comes while others are being written is in the next group. When the
 * database falls behind, who would wait for too long is told to come back.
 */
export class GroupCommit<Asked, Result> {
  readonly #options: GroupCommitOptions<Asked, Result>;
  readonly #lanes = new Map<string, Lane<Asked, Result>>();

  constructor(options: GroupCommitOptions<Asked, Result>) {
    this.#options = options;
  }

  /** @throws what the member is refused for, or what failed when it was done alone; `unavailable` */
  run(asked: Asked): Promise<Result> {
    const { most = MOST } = this.#options;
    const name = this.#options.lane(asked);
    const lane: Lane<Asked, Result> = this.#lanes.get(name) ?? { waiting: [], held: new Set(), underWay: 0 };
    if (lane.waiting.length >= most) return Promise.reject(tooBusy());
    this.#lanes.set(name, lane);
    const member = this.#memberOf(asked, () => this.#sendAway(name, lane, member));
    lane.waiting.push(member);
    // What else arrives in this turn of the event loop shares the first group.
    if (lane.waiting.length === 1) setImmediate(() => this.#fill(name, lane));
    return member.promise;
  }

  #memberOf(asked: Asked, tooLate: () => void): Member<Asked, Result> {
    const { apart, patience = PATIENCE, until: settled } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const now = performance.now();
    const until = settled?.(asked) ?? now + patience;
    const timer = setTimeout(tooLate, until - now).unref();
    return {
      asked,
      keys: apart(asked),
      until,
      trace: context.active(),
      promise,
      resolve(result) {
        clearTimeout(timer);
        resolve(result);
      },
      reject(error) {
        clearTimeout(timer);
        reject(error);
      },
    };
  }

  #fill(name: string, lane: Lane<Asked, Result>): void {
    const { size = SIZE, width = WIDTH } = this.#options;
    while (lane.underWay < width) {
      const group = takeGroup(lane, size);
      if (group.length === 0) break;
      lane.underWay += 1;
      void this.#write(group).then((left) => {
        lane.underWay -= 1;
        const alone = new Set(left);
        this.#release(
          name,
          lane,
          group.filter((member) => !alone.has(member)),
        );
        void this.#finish(name, lane, left);
      });
    }
    if (lane.underWay === 0 && lane.waiting.length === 0 && lane.held.size === 0) this.#lanes.delete(name);
  }

  /** Who has waited too long comes back later, with the same key. What it has in common with others stays held while its group is under way. */
  #sendAway(name: string, lane: Lane<Asked, Result>, member: Member<Asked, Result>): void {
    const at = lane.waiting.indexOf(member);
    if (at >= 0) {
      lane.waiting.splice(at, 1);
      member.reject(tooBusy());
      this.#fill(name, lane);
    } else if (this.#options.repeatable) member.reject(tooSlow());
  }

  /** Never rejects. Resolves to those who have to be done alone. */
  async #write(group: readonly Member<Asked, Result>[]): Promise<Member<Asked, Result>[]> {
    try {
      const outcomes = await inTraceOf(group, () => this.#options.together(group.map(({ asked }) => asked)));
      return group.filter((member, at) => !told(member, outcomes[at] ?? ALONE));
    } catch (error) {
      if (!isConnectionLost(error)) return [...group];
      for (const { reject } of group) reject(error);
      return [];
    }
  }

  /**
   * Does members alone, a few at a time: they have a connection each. Whose time is up is not begun with. When one of them,
   * too, waits in vain for what the database cannot give now, the others are spared the same wait, one after the other.
   */
  async #finish(name: string, lane: Lane<Asked, Result>, members: Member<Asked, Result>[]): Promise<void> {
    const next = async (): Promise<void> => {
      for (let member = members.shift(); member; member = members.shift()) {
        const { asked, until, trace: own, resolve, reject } = member;
        if (until <= performance.now()) reject(tooBusy());
        else
          await context
            .with(own, () => this.#options.alone(asked))
            .then(resolve, (error: unknown) => {
              reject(error);
              if (!isInfrastructure(error)) return;
              const spared = members.splice(0);
              for (const other of spared) other.reject(error);
              this.#release(name, lane, spared);
            });
        this.#release(name, lane, [member]);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, members.length) }, next));
  }

  #release(name: string, lane: Lane<Asked, Result>, members: readonly Member<Asked, Result>[]): void {
    for (const key of members.flatMap(({ keys }) => keys)) lane.held.delete(key);
    this.#fill(name, lane);
  }
}

/** What one does belongs to its own trace; what several do together to a span that links to all of theirs. */
async function inTraceOf<Result>(
  group: readonly Pick<Member<unknown, unknown>, 'trace'>[],
  work: () => Promise<Result>,
): Promise<Result> {
  const [first] = group;
  if (first && group.length === 1) return context.with(first.trace, work);
  const links = group.flatMap((member) => {
    const span = trace.getSpanContext(member.trace);
    return span && isSpanContextValid(span) ? [{ context: span }] : [];
  });
  if (links.length === 0) return context.with(ROOT_CONTEXT, work);
  const span = tracer.startSpan('group commit', { links, attributes: { members: group.length } }, ROOT_CONTEXT);
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  } finally {
    span.end();
  }
}

const tracer = trace.getTracer('@comanda/platform');

/** Tells a member what came of it; false when it has to be done alone. */
function told<Result>({ resolve, reject }: Member<unknown, Result>, outcome: Outcome<Result>): boolean {
  if (outcome === ALONE) return false;
  if (outcome instanceof Refusal) reject(outcome);
  else resolve(outcome);
  return true;
}

interface Member<Asked, Result> {
  readonly asked: Asked;
  readonly keys: readonly string[];
  /** By when it is told to come back. */
  readonly until: number;
  /** The trace it was asked in. */
  readonly trace: Context;
  readonly promise: Promise<Result>;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

interface Lane<Asked, Result> {
  waiting: Member<Asked, Result>[];
  /** The keys of those under way. */
  readonly held: Set<string>;
  underWay: number;
}

const SIZE = 128;
const WIDTH = 2;
const AT_ONCE = 4;
const MOST = 1_000;

const tooBusy = (): Refusal =>
  new Refusal('unavailable', 'The service is too busy now: nothing was done.', {}, { retryAfter: 1 });

const tooSlow = (): Refusal =>
  new Refusal(
    'unavailable',
    'The service is too busy now: repeat the same request to hear what came of it.',
    {},
    { retryAfter: 1 },
  );

/** The next members, as they came; one stays where somebody before it holds or waits for one of its keys. */
function takeGroup<Asked, Result>(lane: Lane<Asked, Result>, size: number): Member<Asked, Result>[] {
  const group: Member<Asked, Result>[] = [];
  const staying: Member<Asked, Result>[] = [];
  const blocked = new Set<string>();
  for (const member of lane.waiting) {
    const free = group.length < size && member.keys.every((key) => !lane.held.has(key) && !blocked.has(key));
    (free ? group : staying).push(member);
    for (const key of member.keys) (free ? lane.held : blocked).add(key);
  }
  lane.waiting = staying;
  return group;
}
