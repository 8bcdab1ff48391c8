import { type CardProvider, ConnectCardProvider, ReadCardProvider } from '@comanda/contracts';
import { Call, type CallOf, Endpoint } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { ProviderAccounts } from './provider-accounts.js';

@Controller()
export class CardProviderController {
  constructor(private readonly accounts: ProviderAccounts) {}

  @Endpoint(ReadCardProvider)
  read(@Call() { caller }: CallOf<typeof ReadCardProvider>): Promise<CardProvider> {
    return this.accounts.chosenBy(caller.organizationId);
  }

  @Endpoint(ConnectCardProvider)
  connect(@Call() { caller, body }: CallOf<typeof ConnectCardProvider>): Promise<CardProvider> {
    return this.accounts.connect(caller, body);
  }
}
