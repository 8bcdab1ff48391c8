import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';

/** Whoever has been let in is served before the lights go out. */
export const stopUnderLoad: Scenario = {
  id: 'F28',
  title: 'SIGTERM to every service under load',
  guests: { tills: 12, pace: 20 },
  async play({ world, traffic, say }) {
    let slowest = 0;
    for (const [name, service] of world.services) {
      const { operations } = traffic.journal;
      await soon('guests are served', 30_000, () => traffic.journal.operations > operations + 10);
      const from = Date.now();
      const { code, milliseconds } = await service.signal('SIGTERM');
      expectThat(code === 0, `${name} ended with ${code}: ${service.lastWords}`);
      expectThat(milliseconds < 25_000, `${name} took ${Math.round(milliseconds)} ms to stop.`);
      slowest = Math.max(slowest, milliseconds);
      // It has said for a second that it is not ready: whoever comes later is sent elsewhere by an orchestrator.
      const dropped = traffic.attempts.filter(
        (each) => each.at >= from - 5_000 && each.at <= from + 1_000 && each.service === name && each.status === 0,
      );
      expectThat(dropped.length === 0, `${name} dropped ${dropped.length} requests: ${dropped[0]?.error}`);
      await service.start();
      say(`${name} stopped in ${Math.round(milliseconds)} ms`);
    }
    return { faults: world.services.size, figures: { 'slowest stop, s': Math.round(slowest / 100) / 10, dropped: 0 } };
  },
};
