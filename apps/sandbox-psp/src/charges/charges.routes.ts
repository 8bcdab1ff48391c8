import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { accountOf } from '../account.js';
import type { Codes } from '../codes/codes.js';
import type { Disputes } from '../disputes/disputes.js';
import { answerAs } from '../faults/answering.js';
import type { Faults } from '../faults/faults.js';
import { GOOD, type Manner } from '../faults/manner.js';
import { asksFirst, isDisputed, mannerOf, tellingOf } from '../faults/test-cards.js';
import type { Notices } from '../webhooks/notices.js';
import type { Charges, Movement } from './charges.js';

interface Parts {
  readonly charges: Charges;
  readonly codes: Codes;
  readonly disputes: Disputes;
  readonly notices: Notices;
  readonly faults: Faults;
  readonly log: Logger;
}

const Amount = z.int().min(0);
const Reference = z.uuid();
const NewCharge = z.strictObject({
  reference: Reference,
  source: z.string().max(100),
  amount: Amount,
  currency: z.string().length(3),
  capture: z.boolean().default(true),
});
const Move = z.strictObject({ reference: Reference, amount: Amount.default(0) });

/** The calls about money: charges, and what is done with them. Each is answered alike when it is repeated. */
export function serveCharges(server: FastifyInstance, parts: Parts): void {
  const { charges, codes, faults } = parts;

  server.post('/v1/charges', async (request, reply) => {
    const asked = NewCharge.parse(request.body);
    const organizationId = accountOf(request);
    if (asksFirst(asked.source)) {
      const waiting = await codes.present({ ...asked, organizationId, expiresInSeconds: 60 });
      return waiting.status === 'waiting' ? { ...waiting, content: null } : waiting;
    }
    const manner = faults.take(organizationId, 'authorize', mannerOf(asked.source, 'authorize'));
    const authorization = { ...asked, organizationId, decline: declineIn(manner) };
    return answerAs(manner, reply, async () => {
      const outcome = await charges.authorize(authorization);
      const facts = { reference: asked.reference, outcome };
      switch (tellingOf(asked.source)) {
        case 'nothing':
          break;
        case 'at_once':
          await parts.notices.tell(organizationId, facts);
          break;
        case 'before_the_answer':
          await parts.notices.tellNow(organizationId, facts);
      }
      if (manner.as === 'changes_its_mind') void changeMind(parts, authorization);
      if (isDisputed(asked.source) && outcome.status === 'approved')
        await parts.disputes.open(organizationId, outcome.charge, { reason: 'fraudulent' });
      return outcome;
    });
  });

  const move = (kind: Movement['kind']) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { charge } = request.params as { charge: string };
    const organizationId = accountOf(request);
    const asked = Move.parse(request.body);
    const source = await charges.sourceOf(organizationId, charge);
    const manner = faults.take(organizationId, kind, source === undefined ? GOOD : mannerOf(source, kind));
    return answerAs(manner, reply, () =>
      charges.move({ ...asked, organizationId, charge, kind, decline: declineIn(manner) }),
    );
  };
  server.post('/v1/charges/:charge/increment', move('increment'));
  server.post('/v1/charges/:charge/capture', move('capture'));
  server.post('/v1/charges/:charge/void', move('void'));
  server.post('/v1/charges/:charge/refunds', move('refund'));

  server.get('/v1/calls/:reference', (request, reply) => {
    const organizationId = accountOf(request);
    const { reference } = z.object({ reference: Reference }).parse(request.params);
    return answerAs(faults.take(organizationId, 'lookup'), reply, async () => {
      const known = (await charges.ended(organizationId, reference)) ?? (await codes.state(organizationId, reference));
      if (!known) reply.status(404);
      return known ?? { error: 'not_found' };
    });
  });
}

const declineIn = (manner: Manner): string | null => {
  if (manner.as === 'declines') return manner.code;
  return manner.as === 'changes_its_mind' ? 'try_again_later' : null;
};

/** The bank said no, and took the money all the same. */
async function changeMind(
  { charges, notices, log }: Parts,
  authorization: Parameters<Charges['authorize']>[0],
): Promise<void> {
  try {
    await pause(A_MOMENT);
    const outcome = await charges.collectAfterAll(authorization);
    await notices.tell(authorization.organizationId, { reference: authorization.reference, outcome });
  } catch (error) {
    log.warn({ err: error }, 'a declined call was not collected after all');
  }
}

const A_MOMENT = 300;
