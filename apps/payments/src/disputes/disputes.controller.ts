import { type AnswerOf, ListDisputes } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, pageOf, positionOf } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { toDispute } from './dispute-facts.js';
import { DisputeEntity } from './dispute.entity.js';

@Controller()
export class DisputesController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ListDisputes)
  list(@Call() { caller, query }: CallOf<typeof ListDisputes>): Promise<AnswerOf<typeof ListDisputes>> {
    const { limit, cursor, ...filter } = query;
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = tx.createQueryBuilder(DisputeEntity, 'dispute').orderBy({ 'dispute.id': 'DESC' });
      for (const [field, value] of Object.entries(filter))
        if (value !== undefined) rows.andWhere(`dispute.${field} = :${field}`, { [field]: value });
      if (caller.locations) rows.andWhere('dispute.locationId = any(:locations)', { locations: [...caller.locations] });
      const after = positionOf(cursor, Position);
      if (after) rows.andWhere('dispute.id < :id', { id: after[0] });
      return pageOf(await rows.limit(limit + 1).getMany(), limit, ({ id }) => [id], toDispute);
    });
  }
}

const Position = z.tuple([z.uuid()]);
