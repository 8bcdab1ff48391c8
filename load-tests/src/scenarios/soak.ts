import { residentMemory } from '../machine/cpu.js';
import type { Scenario } from '../load/scenario.js';
import { fact, nothingWrong, within } from '../load/thresholds.js';
import { ratio } from '../report/table.js';
import { tillSells } from './journeys.js';

const PARTS = 10;

/** An evening that does not end: what grows by a little is seen in the last part of it. */
export const soak: Scenario = {
  title: 'tills sell at the same rate for a long time: what slows down or grows is seen at the end',
  journey: tillSells,
  amount: { rate: 20, seconds: 1_800, sessions: 0 },
  lasts: 'in all',
  patience: 10,
  connections: 256,
  async play(stage, { rate, seconds }, { own }) {
    const memory: (number | null)[] = [];
    const waits: (number | null)[] = [];
    for (let part = 1; part <= PARTS; part++) {
      const { tally } = await stage.step(`part ${part}`, { seconds: seconds / PARTS, from: rate, to: rate });
      memory.push(own && residentMemory(own.platform.pid));
      waits.push(tally.waits.percentile(50));
    }
    // Caches fill and code is compiled in the first part.
    return {
      'p50 in the last part, to the second': ratio(waits.at(-1) ?? null, waits[1] ?? null),
      'memory after the last part, to the second': own ? ratio(memory.at(-1) ?? null, memory[1] ?? null) : undefined,
    };
  },
  thresholds: [
    within(`part ${PARTS}`, 'place', 99, 300),
    fact('p50 in the last part, to the second', { atMost: 1.5 }),
    fact('memory after the last part, to the second', { atMost: 1.5 }),
    nothingWrong,
  ],
};
