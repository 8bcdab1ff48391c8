import { type AnswerOf, ReceiveProviderWebhook } from '@comanda/contracts';
import { Call, type CallOf, Endpoint } from '@comanda/platform';
import { Controller } from '@nestjs/common';
import { unsigned } from '../provider/webhook-signature.js';
import { Notices } from './notices.js';

@Controller()
export class WebhooksController {
  constructor(private readonly notices: Notices) {}

  @Endpoint(ReceiveProviderWebhook)
  async receive(
    @Call() { params, signed }: CallOf<typeof ReceiveProviderWebhook>,
  ): Promise<AnswerOf<typeof ReceiveProviderWebhook>> {
    if (!signed) throw unsigned();
    await this.notices.receive(params.provider, signed);
    return { received: true };
  }
}
