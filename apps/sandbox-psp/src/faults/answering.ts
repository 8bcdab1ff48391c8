import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Manner } from './manner.js';

/** Answers a call in a manner: as it should be, or as providers do on a bad day. */
export async function answerAs(manner: Manner, reply: FastifyReply, work: () => Promise<object>): Promise<unknown> {
  switch (manner.as) {
    case 'approves':
    case 'declines':
    case 'changes_its_mind':
      return work();
    case 'dawdles':
      await pause(manner.milliseconds);
      return work();
    case 'never_hears':
      return reply.hijack();
    case 'falls_silent':
      await work();
      return reply.hijack();
    case 'errs':
      if (manner.after) await work();
      return reply.status(manner.status).send({ error: 'something_went_wrong' });
    case 'garbles':
      await work();
      return reply.type('application/json').send('{"status": "appr');
    case 'hangs_up':
      if (manner.after) await work();
      reply.hijack();
      return reply.raw.socket?.resetAndDestroy();
  }
}
