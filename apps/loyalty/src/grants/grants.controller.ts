import { type GrantStatus, ReadGrant } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, inTransaction, Refusal } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GrantRow } from './grant.entity.js';
import { Grants } from './grants.js';

@Controller()
export class GrantsController {
  constructor(
    private readonly db: DataSource,
    private readonly grants: Grants,
  ) {}

  @Endpoint(ReadGrant)
  read(@Call() { caller: { organizationId }, params }: CallOf<typeof ReadGrant>): Promise<GrantStatus> {
    return inTransaction(this.db, organizationId, async (tx) => {
      const row = await tx.findOneBy(GrantRow, { organizationId, id: params.grantId });
      if (!row) throw new Refusal('not_found', 'There is no such grant.');
      return this.grants.statusOf(row);
    });
  }
}
