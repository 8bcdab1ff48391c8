import { SERVICES } from '@comanda/contracts';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { rudelyTurnedAway } from '../traffic/attempts.js';
import { query } from '../world/query.js';

/** Every open connection leads to what was the primary and takes no writes any more; whoever connects anew finds the new one. */
export const postgresReadOnly: Scenario = {
  id: 'F11',
  title: 'PostgreSQL fails over: open connections stay open and are read-only',
  async play({ world, traffic }) {
    const { url } = world.postgres;
    const all = SERVICES.map((name) => `comanda_${name}`);
    // What a database says holds for whoever connects from now on; what the server says, for those who are there.
    for (const name of all) await query(url, name, `alter database ${name} set default_transaction_read_only = off`);
    const from = Date.now();
    await query(url, 'postgres', 'alter system set default_transaction_read_only = on');
    await query(url, 'postgres', 'select pg_reload_conf()');
    try {
      const recovered = await soon('orders and payments are taken again', 30_000, () =>
        (['orders', 'payments'] as const).every(
          (service) =>
            traffic.attempts.filter((each) => each.at > from + 1_000 && each.service === service && each.status === 201)
              .length > 5,
        ),
      );
      const during = traffic.attempts.filter(({ at }) => at >= from);
      const wrong = rudelyTurnedAway(during);
      expectThat(
        wrong.length === 0,
        `${wrong.length} were not turned away with 503 and Retry-After: ${JSON.stringify(wrong[0])}`,
      );
      return {
        faults: 1,
        figures: {
          'recovered within, s': Math.round(recovered / 100) / 10,
          'turned away': during.filter(({ status }) => status === 503).length,
        },
      };
    } finally {
      await query(url, 'comanda_identity', 'alter system reset default_transaction_read_only');
      await query(url, 'comanda_identity', 'select pg_reload_conf()');
    }
  },
};
