import { asWorker, inTransaction, Refusal, type Tx, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectedAccountEntity, type ConnectedAccountRow } from './connected-account.entity.js';

/** Which account an organization has at a provider, and whose an account is. */
@Injectable()
export class ConnectedAccounts {
  /** An account stays what it is; that there is none is believed for two seconds. */
  readonly #known = new Map<string, { readonly account: string | null; readonly until: number }>();

  constructor(
    private readonly db: DataSource,
    @Inject(WORKER_DATABASE) private readonly worker: DataSource,
  ) {}

  /** The provider's name for the organization's account; null where it has none. */
  async of(organizationId: string, provider: string): Promise<string | null> {
    const key = `${organizationId} ${provider}`;
    const now = performance.now();
    const known = this.#known.get(key);
    if (known && known.until > now) return known.account;
    const row = await inTransaction(this.db, organizationId, (tx) =>
      tx.findOneBy(ConnectedAccountEntity, { provider }),
    );
    const account = row?.account ?? null;
    this.#known.set(key, { account, until: account === null ? now + NONE_FOR_MS : Infinity });
    return account;
  }

  /** The organization that has this account; null where nobody has. */
  holderOf(provider: string, account: string): Promise<string | null> {
    return asWorker(this.worker, async (tx) => {
      const row = await tx.findOneBy(ConnectedAccountEntity, { provider, account });
      return row?.organizationId ?? null;
    });
  }

  /**
   * Notes an organization's account; the same once more changes nothing.
   * @throws Refusal `provider_account_fixed` where it has another; `provider_account_refused` where somebody else has this one
   */
  async connect(row: ConnectedAccountRow): Promise<void> {
    const { organizationId, provider, account } = row;
    const present = await inTransaction(this.db, organizationId, async (tx) => {
      await insertUnlessThere(tx, row);
      return tx.findOneBy(ConnectedAccountEntity, { provider });
    });
    if (!present) throw new Refusal('provider_account_refused', 'Another organization has this account.');
    if (present.account !== account)
      throw new Refusal(
        'provider_account_fixed',
        'The organization has another account there, and money may be on it.',
        {
          account: present.account,
        },
      );
    this.#known.set(`${organizationId} ${provider}`, { account, until: Infinity });
  }
}

/** Two at once: the unique indexes let the first one in. */
async function insertUnlessThere(tx: Tx, row: ConnectedAccountRow): Promise<void> {
  const { organizationId, provider, account, connectedBy, connectedAt } = row;
  await tx.sql`
    insert into connected_accounts (organization_id, provider, account, connected_by, connected_at)
    values (${organizationId}, ${provider}, ${account}, ${connectedBy}, ${connectedAt}) on conflict do nothing`;
}

const NONE_FOR_MS = 2_000;
