import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountOf } from '../account.js';
import { answerAs } from '../faults/answering.js';
import type { Faults } from '../faults/faults.js';
import type { Codes } from './codes.js';

const NewCode = z.strictObject({
  reference: z.uuid(),
  amount: z.int().min(1),
  currency: z.string().length(3),
  expiresInSeconds: z.int().min(1).max(86_400),
});
const Params = z.object({ reference: z.uuid() });

/** The calls about codes that guests pay with a wallet. */
export function serveCodes(server: FastifyInstance, { codes, faults }: { codes: Codes; faults: Faults }): void {
  server.post('/v1/codes', (request, reply) => {
    const [organizationId, asked] = [accountOf(request), NewCode.parse(request.body)];
    return answerAs(faults.take(organizationId, 'code'), reply, () => codes.present({ ...asked, organizationId }));
  });
  server.post('/v1/codes/:reference/cancel', (request, reply) => {
    const [organizationId, { reference }] = [accountOf(request), Params.parse(request.params)];
    return answerAs(faults.take(organizationId, 'code'), reply, () => codes.cancel(organizationId, reference));
  });
}
