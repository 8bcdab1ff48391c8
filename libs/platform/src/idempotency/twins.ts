/**
 * Lets one at a time work for a key in this process, so that its twins neither work in vain nor hold connections
 * while they wait. Between processes the database keeps them apart.
 * @param known what a twin left behind for the others, if it ended well
 * @throws what `late` makes, when the twin under way does not end by `until`, as `performance.now()` tells it
 */
export async function oneAtATime<T>(
  scope: object,
  key: string,
  {
    known,
    work,
    late,
    until,
  }: { known: () => Promise<T | undefined>; work: () => Promise<T>; late: () => Error; until: number },
): Promise<T> {
  const running = underWay.get(scope) ?? new Map<string, Promise<void>>();
  underWay.set(scope, running);
  for (let twin = running.get(key); twin; twin = running.get(key)) {
    if (!(await endsWithin(twin, until - performance.now()))) throw late();
    const left = await known();
    if (left !== undefined) return left;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  running.set(key, promise);
  try {
    return await work();
  } finally {
    running.delete(key);
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
