import { inTransaction, insertRows, Refusal, type Signed } from '@comanda/platform';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AttemptEntity } from '../attempts/attempt.entity.js';
import { Attempts } from '../attempts/attempts.js';
import { Disputes } from '../disputes/disputes.js';
import type { Notice } from '../provider/payment-provider.js';
import { ProviderAccounts } from '../provider/provider-accounts.js';
import { NoticeEntity } from './notice.entity.js';

/**
 * Hears what providers tell. A webhook is only a hint: the call that it is about is looked up, so that what is told late,
 * twice, or before what it follows from, comes to the same. It is noted once it has had its effect; until then the provider
 * is told to send it again.
 */
@Injectable()
export class Notices {
  /** Those under way here: the same one, fifty times at once, is heard once. */
  readonly #hearing = new Map<string, Promise<void>>();

  constructor(
    private readonly db: DataSource,
    private readonly accounts: ProviderAccounts,
    private readonly attempts: Attempts,
    private readonly disputes: Disputes,
  ) {}

  /** @throws Refusal `not_found` for an account that there is not, `signature_invalid`; `unavailable`: send it again */
  async receive(name: string, { body, headers }: Signed): Promise<void> {
    const { provider } = this.accounts.find(name);
    const notice = provider.notice(body, headers);
    const organizationId = await this.accounts.organizationOf(name, notice);
    // A provider that serves others beside us may tell of theirs.
    if (organizationId === null) return;
    const key = `${organizationId} ${name} ${notice.id}`;
    const hearing =
      this.#hearing.get(key) ?? this.#hear(organizationId, name, notice).finally(() => this.#hearing.delete(key));
    this.#hearing.set(key, hearing);
    await hearing;
  }

  async #hear(organizationId: string, provider: string, notice: Notice): Promise<void> {
    const { id, type } = notice;
    const known = await inTransaction(this.db, organizationId, (tx) => tx.existsBy(NoticeEntity, { provider, id }));
    if (known) return;
    if (notice.about === 'call') await this.#lookInto(organizationId, notice.reference);
    if (notice.about === 'dispute') await this.disputes.heard(organizationId, notice.dispute);
    const heard = { organizationId, provider, id, type, receivedAt: new Date() };
    await inTransaction(this.db, organizationId, (tx) => insertRows(tx, NoticeEntity, [heard]));
  }

  /** What a provider tells of a call that we never made is nothing to us. */
  async #lookInto(organizationId: string, reference: string): Promise<void> {
    const attempt = await inTransaction(this.db, organizationId, (tx) =>
      tx.findOneBy(AttemptEntity, { id: reference }),
    );
    if (!attempt || attempt.status === 'approved') return;
    const { told } = await this.attempts.resolve(attempt, { again: true });
    if (!told) throw new Refusal('unavailable', 'The call cannot be looked up now.', {}, { retryAfter: 5 });
  }
}
