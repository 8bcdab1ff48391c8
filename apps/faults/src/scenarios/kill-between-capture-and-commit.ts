import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { query } from '../world/query.js';

/** The provider has the guest's money, and payments dies before it has heard so: it finds out, and charges nobody again. */
export const killBetweenCaptureAndCommit: Scenario = {
  id: 'F2',
  share: 0.02,
  title: 'kill -9 of payments between the capture at the provider and the commit',
  async play({ world, traffic, kills, say }) {
    const payments = world.service('payments');
    let slowest = 0;
    for (let round = 1; round <= kills; round++) {
      const before = await captures(world);
      world.providerLine.goMute();
      await soon(
        'the provider has captured what nobody was told of',
        20_000,
        async () => (await captures(world)) > before,
      );
      await payments.kill();
      world.providerLine.heal();
      const left = await pending(world);
      await payments.start();
      slowest = Math.max(
        slowest,
        await soon('what was pending is resolved', 60_000, async () => (await stillOpen(world, left)) === 0),
      );
      say(`${round} of ${kills}, ${left.length} payments were open`);
      const { operations } = traffic.journal;
      await soon('payments are taken again', 30_000, () => traffic.journal.operations > operations);
    }
    return { kills, figures: { 'resolved within, s': Math.round(slowest / 100) / 10 } };
  },
};

type World = Parameters<Scenario['play']>[0]['world'];

const captures = async ({ books }: World): Promise<number> =>
  (
    await query<{ n: number }>(
      books.url,
      'comanda_sandbox_psp',
      `select count(*)::int as n from calls where moved_minor > 0`,
    )
  )[0]?.n ?? 0;

const pending = async ({ postgres }: World): Promise<string[]> =>
  (
    await query<{ id: string }>(
      postgres.url,
      'comanda_payments',
      `select id::text from payments where status in ('pending', 'unknown')`,
    )
  ).map(({ id }) => id);

const stillOpen = async ({ postgres }: World, ids: string[]): Promise<number> =>
  (
    await query(
      postgres.url,
      'comanda_payments',
      `select 1 from payments where status in ('pending', 'unknown') and id = any($1)`,
      [ids],
    )
  ).length;
