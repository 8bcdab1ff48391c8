import { CONFIG, deriveKey, type PlatformConfig, type Tx } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { newKey, open, seal } from './customer-cipher.js';

/** The key of each organization, which wraps the keys of its customers; itself wrapped by a key of the installation. */
@Injectable()
export class CustomerKeys {
  readonly #root: Buffer;
  readonly #known = new Map<string, Buffer>();

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#root = deriveKey(config.COMANDA_SECRET, 'customers');
  }

  /** The key of the transaction's organization; made with its first customer. */
  async get(tx: Tx, organizationId: string): Promise<Buffer> {
    const known = this.#known.get(organizationId);
    if (known) return known;
    const place = `organization_keys.wrapped.${organizationId}`;
    const fresh = seal(this.#root, newKey(), place);
    // Of two who make it at once one wins, and both read the winner's.
    await tx.sql`insert into organization_keys (organization_id, wrapped) values (${organizationId}, ${fresh}) on conflict do nothing`;
    const [row] = await tx.sql<
      { wrapped: Buffer }[]
    >`select wrapped from organization_keys where organization_id = ${organizationId}`;
    if (!row) throw new Error('The key of the organization was not stored.');
    const key = open(this.#root, row.wrapped, place);
    // Kept only once it is certain to stay: a transaction that rolls back takes its key with it.
    if (!row.wrapped.equals(fresh)) this.#known.set(organizationId, key);
    return key;
  }
}
