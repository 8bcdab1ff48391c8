import { availableParallelism } from 'node:os';
import { defineConfig, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import shared from '../../vitest.shared.ts';

/** What takes minutes begins first, so that the rest runs beside it and not before it. */
const LONGEST = ['kafka', 'commands', 'alerts', 'fuzz', 'embedded', 'exports', 'backup', 'start'].map(
  (name) => `/${name}.test.ts`,
);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** Most of these tests wait for processes that they started: two at once use the cores that one would leave idle. */
export default mergeConfig(
  shared,
  defineConfig({
    test: { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { sequencer: LongestFirst } },
  }),
);
