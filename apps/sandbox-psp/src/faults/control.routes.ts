import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountOf } from '../account.js';
import type { Codes } from '../codes/codes.js';
import type { Disputes } from '../disputes/disputes.js';
import type { Notices } from '../webhooks/notices.js';
import { Fault, type Faults } from './faults.js';

interface Parts {
  readonly faults: Faults;
  readonly codes: Codes;
  readonly disputes: Disputes;
  readonly notices: Notices;
}

const Webhook = z.strictObject({
  type: z.string(),
  data: z.looseObject({}),
  id: z.string().optional(),
  at: z.iso.datetime().optional(),
  times: z.int().min(1).max(1_000).default(1),
  badlySigned: z.boolean().default(false),
});

/** What no provider offers: bad days by script, guests who pay and banks that dispute when a test says so. */
export function serveControl(server: FastifyInstance, { faults, codes, disputes, notices }: Parts): void {
  server.post('/control/faults', (request) => {
    faults.add(Fault.parse(request.body));
    return {};
  });
  server.delete('/control/faults', () => {
    faults.clear();
    return {};
  });
  server.put('/control/webhook', (request) => {
    const { url } = z.strictObject({ url: z.url() }).parse(request.body);
    notices.target = { ...notices.target, url };
    return {};
  });
  server.post('/control/webhooks', async (request) => {
    const { at, ...webhook } = Webhook.parse(request.body);
    const sending = { ...webhook, account: accountOf(request), at: at === undefined ? undefined : new Date(at) };
    return { statuses: await notices.send(sending) };
  });
  server.post('/control/codes/:reference/pay', async (request) => {
    const { reference } = z.object({ reference: z.uuid() }).parse(request.params);
    const { wallet, tell } = z
      .strictObject({ wallet: z.string().default('wallet_alipay'), tell: z.boolean().default(true) })
      .parse(request.body);
    const organizationId = accountOf(request);
    const outcome = await codes.pay(organizationId, reference, wallet);
    if (tell) await notices.tell(organizationId, { reference, outcome });
    return outcome;
  });
  server.post('/control/charges/:charge/disputes', (request) => {
    const { charge } = z.object({ charge: z.string() }).parse(request.params);
    const asked = z
      .strictObject({ amount: z.int().min(1).optional(), reason: z.string().default('fraudulent') })
      .parse(request.body);
    return disputes.open(accountOf(request), charge, asked);
  });
  server.post('/control/disputes/:dispute/close', (request) => {
    const { dispute } = z.object({ dispute: z.string() }).parse(request.params);
    return disputes.close(accountOf(request), dispute, z.strictObject({ won: z.boolean() }).parse(request.body).won);
  });
}
