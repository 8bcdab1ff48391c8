import { type AnswerOf, ListSettlements, ReadReconciliation } from '@comanda/contracts';
import { Call, type CallOf, Endpoint } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { Settlements } from './settlements.js';

@Controller()
export class SettlementsController {
  constructor(private readonly settlements: Settlements) {}

  @Endpoint(ListSettlements)
  list(@Call() { caller, query }: CallOf<typeof ListSettlements>): Promise<AnswerOf<typeof ListSettlements>> {
    return this.settlements.list(caller, query);
  }

  @Endpoint(ReadReconciliation)
  reconcile(
    @Call() { caller, query }: CallOf<typeof ReadReconciliation>,
  ): Promise<AnswerOf<typeof ReadReconciliation>> {
    return this.settlements.reconcile(caller, query);
  }
}
