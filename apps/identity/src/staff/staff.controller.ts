import { ChangeStaff, CreateStaff, ListStaff, type StaffMember } from '@comanda/contracts';
import {
  type Answer,
  Call,
  type CallOf,
  Endpoint,
  given,
  idempotently,
  inTransaction,
  pageOfRows,
  requireVersion,
} from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StaffMemberRow } from './staff-member.entity.js';
import { changeStaffMember, lockStaffMember, takeOn, toStaffMember } from './staff.js';

@Controller()
export class StaffController {
  constructor(private readonly db: DataSource) {}

  @Endpoint(CreateStaff)
  create(@Call() call: CallOf<typeof CreateStaff>): Promise<Answer<StaffMember>> {
    return idempotently(this.db, call, async (tx) =>
      toStaffMember(await takeOn(tx, call.caller.organizationId, call.body)),
    );
  }

  @Endpoint(ListStaff)
  list(@Call() { caller, query }: CallOf<typeof ListStaff>) {
    return inTransaction(this.db, caller.organizationId, (tx) =>
      pageOfRows(tx.createQueryBuilder(StaffMemberRow, 'row'), query, { by: 'createdAt' }, toStaffMember),
    );
  }

  @Endpoint(ChangeStaff)
  change(@Call() call: CallOf<typeof ChangeStaff>): Promise<StaffMember> {
    const { version: _, ...change } = call.body;
    return inTransaction(this.db, call.caller.organizationId, async (tx) => {
      const row = await lockStaffMember(tx, call.params.staffId);
      requireVersion(call, toStaffMember(row));
      return toStaffMember(await changeStaffMember(tx, row, given(change)));
    });
  }
}
