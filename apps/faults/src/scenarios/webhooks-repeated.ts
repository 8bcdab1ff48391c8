import { randomUUID } from 'node:crypto';
import { expectThat } from '../broken.js';
import type { Scenario } from '../run/scenario.js';
import { soon } from '../soon.js';
import { sendWebhook } from '../world/provider.js';
import { query } from '../world/query.js';

/** News that comes fifty times at once, three days late or from a stranger changes nothing that it should not. */
export const webhooksRepeated: Scenario = {
  id: 'F20',
  title: 'webhooks come before the answer, fifty times at once, days late, badly signed and replayed',
  guests: {
    tills: 6,
    pace: 100,
    sources: ['tok_webhook', 'tok_webhook_first', 'tok_timeout_webhook', 'tok_declined_then_captured'],
  },
  async play({ world, traffic }) {
    await soon('guests are served', 60_000, () => traffic.journal.operations > 60);
    const calls = await query<{ reference: string; outcome: object }>(
      world.books.url,
      'comanda_sandbox_psp',
      `select reference::text, outcome from calls where kind = 'authorize' order by created_at desc limit 20`,
    );
    for (const data of calls) {
      const same = { type: 'call.ended', data, id: `msg_${randomUUID()}` };
      const answers = await sendWebhook(world, { ...same, times: 50 });
      expectThat(
        answers.length === 50 && answers.every((status) => status < 300),
        `Of fifty of one webhook some were answered ${String(answers.find((status) => status >= 300))}.`,
      );
      const [forged, replayed] = [
        await sendWebhook(world, { ...same, id: `msg_${randomUUID()}`, badlySigned: true }),
        await sendWebhook(world, { ...same, at: new Date(Date.now() - 6 * 60_000).toISOString() }),
      ];
      expectThat(
        forged[0] === 401 && replayed[0] === 401,
        `A forged webhook was answered ${forged[0]}, an old one ${replayed[0]}: not 401.`,
      );
    }
    return { faults: 3 * calls.length, figures: { webhooks: 52 * calls.length } };
  },
};
