/** What V8 writes of a time: `.cpuprofile`. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples?: readonly number[];
  /** Microseconds from each sample to the one before it. */
  readonly timeDeltas?: readonly number[];
}

export interface SelfTime {
  readonly name: string;
  /** File and line, as short as it can be told. */
  readonly place: string;
  /** Of the time that was not idle. */
  readonly share: number;
}

/** The functions in which most of the time was spent, by themselves, not in what they called. */
export function topSelfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile, count: number): SelfTime[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, { name: string; place: string; time: number }>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const time = timeDeltas[index] ?? 0;
    if (!frame || frame.functionName === '(idle)') continue;
    busy += time;
    const name = frame.functionName || '(anonymous)';
    const place = frame.url === '' ? '' : `${shortened(frame.url)}:${frame.lineNumber + 1}`;
    const known = times.get(`${name} ${place}`) ?? { name, place, time: 0 };
    times.set(`${name} ${place}`, { ...known, time: known.time + time });
  }
  return [...times.values()]
    .toSorted((one, other) => other.time - one.time)
    .slice(0, count)
    .map(({ name, place, time }) => ({ name, place, share: time / busy }));
}

/** From the innermost package on, or from the folder of ours. */
const shortened = (url: string): string =>
  url.includes('node_modules/')
    ? url.slice(url.lastIndexOf('node_modules/') + 'node_modules/'.length)
    : url.replace(/^.*\/((?:libs|apps)\/)/, '$1');
