export interface OneAtATime<T> {
  /** What twins have in common. */
  readonly name: string;
  /** What a twin left behind for the others, if it ended well. */
  known(): Promise<T | undefined>;
  work(): Promise<T>;
  /** By when a twin must have ended, as `performance.now()` tells it. */
  readonly until: number;
  /** What the others are told when it has not. */
  late(): Error;
}

/**
 * Lets one at a time work for a key in this process, so that its twins neither work in vain nor hold connections
 * while they wait. Between processes the database keeps them apart.
 * @param scope within which names are looked at
 * @throws what `late` makes, when the twin under way does not end in time
 */
export async function oneAtATime<T>(scope: object, { name, known, work, late, until }: OneAtATime<T>): Promise<T> {
  const running = underWay.get(scope) ?? new Map<string, Promise<void>>();
  underWay.set(scope, running);
  for (let twin = running.get(name); twin; twin = running.get(name)) {
    if (!(await endsWithin(twin, until - performance.now()))) throw late();
    const left = await known();
    if (left !== undefined) return left;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  running.set(name, promise);
  try {
    return await work();
  } finally {
    running.delete(name);
    resolve();
  }
}

const underWay = new WeakMap<object, Map<string, Promise<void>>>();

async function endsWithin(twin: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), Math.max(0, milliseconds));
  try {
    return await Promise.race([twin.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}
