import { ChangeOrganization, type Organization, ReadOrganization } from '@comanda/contracts';
import { Call, type CallOf, Endpoint, given, inTransaction, requireVersion } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { changeOrganization, lockOrganization, toOrganization } from './organizations.js';

@Controller()
export class OrganizationsController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(ReadOrganization)
  read(@Call() { caller }: CallOf<typeof ReadOrganization>): Promise<Organization> {
    return inTransaction(this.db, caller.organizationId, async (tx) =>
      toOrganization(await lockOrganization(tx, caller.organizationId)),
    );
  }

  @Endpoint(ChangeOrganization)
  change(@Call() call: CallOf<typeof ChangeOrganization>): Promise<Organization> {
    const { caller, body } = call;
    const { version: _, ...change } = body;
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const row = await lockOrganization(tx, caller.organizationId);
      requireVersion(call, toOrganization(row));
      return toOrganization(await changeOrganization(tx, row, given(change)));
    });
  }
}
