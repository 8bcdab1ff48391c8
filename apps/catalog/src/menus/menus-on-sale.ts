import type { MenuMetadata } from '@comanda/contracts';
import { CACHE, type Cache, inTransaction, Refusal } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { currentMenu, menuBody } from './menus.store.js';
import { toMetadata } from './publish.js';

/**
 * What locations sell from, mostly out of the cache. A body never changes, so it is kept by its hash; which one is on
 * sale is forgotten when another is published, and after a second at the latest.
 */
@Injectable()
export class MenusOnSale {
  readonly #atHand = new Map<string, MenuAtHand & { readonly until: number }>();

  constructor(
    private readonly db: DataSource,
    @Inject(CACHE) private readonly cache: Cache,
  ) {}

  /** What a location sells from. @throws Refusal `not_found`, `menu_not_published` */
  async menu(organizationId: string, locationId: string): Promise<MenuAtHand> {
    const { hash } = await this.metadata(organizationId, locationId);
    const body = await this.body(organizationId, locationId, hash);
    if (this.#atHand.size >= MOST_AT_HAND) this.#atHand.clear();
    const until = performance.now() + POINTER_SECONDS * 1000;
    this.#atHand.set(pointerKey(organizationId, locationId), { hash, body, until });
    return { hash, body };
  }

  /** What a location sells from, if somebody has read it within the last second. */
  atHand(organizationId: string, locationId: string): MenuAtHand | undefined {
    const menu = this.#atHand.get(pointerKey(organizationId, locationId));
    return menu && menu.until > performance.now() ? menu : undefined;
  }

  /** @throws Refusal `not_found`, `menu_not_published` */
  async metadata(organizationId: string, locationId: string): Promise<MenuMetadata> {
    const key = pointerKey(organizationId, locationId);
    const cached = await this.cache.get(key);
    if (cached) return JSON.parse(cached.toString());
    const current = await inTransaction(this.db, organizationId, (tx) => currentMenu(tx, locationId));
    if (!current) throw new Refusal('not_found', 'There is no such location.');
    if (current.hash === null) throw new Refusal('menu_not_published', 'Nothing has been published for this location.');
    const metadata = toMetadata(current);
    await this.cache.set(key, Buffer.from(JSON.stringify(metadata)), POINTER_SECONDS);
    return metadata;
  }

  /**
   * A menu as it was stored: its JSON, byte for byte.
   * @throws Refusal `not_found`
   */
  async body(organizationId: string, locationId: string, hash: string): Promise<Buffer> {
    const key = `menu:${organizationId}:${locationId}:${hash}`;
    const cached = await this.cache.get(key);
    if (cached) return cached;
    const stored = await inTransaction(this.db, organizationId, (tx) => menuBody(tx, locationId, hash));
    if (stored === undefined) throw new Refusal('not_found', 'The location never published such a menu.');
    const body = Buffer.from(stored);
    await this.cache.set(key, body, BODY_SECONDS);
    return body;
  }

  /** Forgets what these locations sell from: something else was published. */
  async forget(organizationId: string, locationIds: readonly string[]): Promise<void> {
    const keys = locationIds.map((locationId) => pointerKey(organizationId, locationId));
    for (const key of keys) this.#atHand.delete(key);
    await this.cache.delete(...keys);
  }
}

/** A menu and its JSON, byte for byte. */
interface MenuAtHand {
  readonly hash: string;
  readonly body: Buffer;
}

const pointerKey = (organizationId: string, locationId: string): string => `menu:${organizationId}:${locationId}`;

// A reader who read before a publication may write after it was forgotten: that lasts no longer than this.
const POINTER_SECONDS = 1;
const BODY_SECONDS = 3_600;
/** Locations; a menu is some tens of kilobytes. */
const MOST_AT_HAND = 200;
