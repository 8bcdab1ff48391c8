import { setTimeout as pause } from 'node:timers/promises';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { hasFailed } from '../traffic/attempts.js';

/** A migration that dies is finished by the next; two at once do it once; the running version serves meanwhile. */
export const migrationKilled: Scenario = {
  id: 'F27',
  title: 'comanda migrate is killed at random points until it comes through, then run twice at once',
  share: 0.01,
  async play({ world, traffic, dice, kills }) {
    const from = Date.now();
    const prefix = `fresh_${dice.between(1, 1_000_000_000)}_`;
    let amid = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const migration = world.begin({ DATABASE_PREFIX: prefix }, 'migrate');
      await pause(dice.between(500, 4_000));
      if (migration.isRunning) amid += 1;
      await migration.kill();
    }
    const both = await Promise.all(
      [1, 2].map(() => world.begin({ DATABASE_PREFIX: prefix }, 'migrate', '--json').ended),
    );
    for (const { code, stderr } of both) expectThat(code === 0, `A migration failed: ${stderr}`);
    const after = await world.begin({ DATABASE_PREFIX: prefix }, 'migrate', '--json').ended;
    const ran = (JSON.parse(after.stdout) as { ran: string[] }[]).flatMap((each) => each.ran);
    expectThat(ran.length === 0, `There was still something to migrate: ${ran.join(', ')}.`);
    const failed = traffic.attempts.filter((each) => each.at >= from && hasFailed(each)).length;
    expectThat(failed === 0, `${failed} requests failed while something else was migrated.`);
    return { kills, figures: { 'killed amid': amid } };
  },
};
