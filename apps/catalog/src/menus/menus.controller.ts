import {
  ListMenus,
  type Menu,
  PreviewMenu,
  type Publication,
  PublishMenu,
  PublishMenus,
  ReadMenu,
  ReadMenuByHash,
  ReadMenuMetadata,
} from '@comanda/contracts';
import {
  Call,
  type CallOf,
  canonicalJson,
  Endpoint,
  idempotently,
  inTransaction,
  type KeyedCall,
  pageOf,
  positionOf,
  requireLocation,
} from '@comanda/platform';
import { KnownLocations } from '@comanda/service';
import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { requireWholeChain } from '../drafts/drafts.js';
import { placeIn } from '../place.js';
import { inLanguages, languagesIn } from './in-languages.js';
import { listPublications } from './menus.store.js';
import { JSON_TYPE, menuHeaders, REVALIDATE } from './menu-headers.js';
import { MenusOnSale } from './menus-on-sale.js';
import { unlessHeld } from './not-modified.js';
import { previewMenu, publishMenus, toMetadata } from './publish.js';
import { withoutAllergens } from './without-allergens.js';

@Controller()
export class MenusController {
  constructor(
    private readonly db: DataSource,
    private readonly locations: KnownLocations,
    private readonly onSale: MenusOnSale,
  ) {}

  @Endpoint(PublishMenu)
  publish(@Call() call: CallOf<typeof PublishMenu>) {
    requireLocation(call.caller, call.params.locationId);
    return this.#publish(call, call.params.locationId, ([publication]) => publication);
  }

  @Endpoint(PublishMenus)
  publishAll(@Call() call: CallOf<typeof PublishMenus>) {
    requireWholeChain(call.caller);
    return this.#publish(call, null, (publications) => ({ publications }));
  }

  @Endpoint(ReadMenu)
  async read(@Call() { caller, params, query, ifNoneMatch, acceptLanguage }: CallOf<typeof ReadMenu>) {
    requireLocation(caller, params.locationId);
    const { hash, body } = await this.onSale.menu(caller.organizationId, params.locationId);
    const allergens = query.without?.split(',').toSorted() ?? [];
    const languages = languagesIn(acceptLanguage);
    const part = `${allergens.length > 0 ? `-${allergens.join('.')}` : ''}${languages.map((tag) => `+${tag}`).join('')}`;
    const headers = menuHeaders(hash, part);
    if (allergens.length + languages.length === 0) return unlessHeld(ifNoneMatch, headers, () => body);
    return unlessHeld(ifNoneMatch, headers, () => {
      const whole = JSON.parse(body.toString()) as Menu;
      const safe = allergens.length > 0 ? withoutAllergens(whole, new Set(allergens)) : whole;
      return canonicalJson(languages.length > 0 ? inLanguages(safe, languages) : safe);
    });
  }

  @Endpoint(PreviewMenu)
  preview(@Call() { caller, params }: CallOf<typeof PreviewMenu>) {
    requireLocation(caller, params.locationId);
    return inTransaction(this.db, caller.organizationId, (tx) => previewMenu(tx, params.locationId));
  }

  /** Its tag is weak: another publication of the same menu says nothing new to whoever asks whether the menu changed. */
  @Endpoint(ReadMenuMetadata)
  async metadata(@Call() { caller, params, ifNoneMatch }: CallOf<typeof ReadMenuMetadata>) {
    requireLocation(caller, params.locationId);
    const metadata = await this.onSale.metadata(caller.organizationId, params.locationId);
    return unlessHeld(ifNoneMatch, { etag: `W/"${metadata.hash}"`, 'cache-control': REVALIDATE }, () => metadata);
  }

  @Endpoint(ListMenus)
  async list(@Call() { caller, params, query }: CallOf<typeof ListMenus>) {
    await placeIn(this.locations, caller, params);
    const [after = 0] = positionOf(query.cursor, Position) ?? [];
    return inTransaction(this.db, caller.organizationId, async (tx) => {
      const rows = await listPublications(tx, params.locationId, { after, limit: query.limit + 1 });
      return pageOf(rows, query.limit, ({ version }) => [version], toMetadata);
    });
  }

  @Endpoint(ReadMenuByHash)
  async readByHash(@Call() { caller, params, ifNoneMatch }: CallOf<typeof ReadMenuByHash>) {
    requireLocation(caller, params.locationId);
    const body = await this.onSale.body(caller.organizationId, params.locationId, params.hash);
    return unlessHeld(
      ifNoneMatch,
      { etag: `"${params.hash}"`, 'cache-control': FOR_EVER, 'content-type': JSON_TYPE },
      () => body,
    );
  }

  async #publish<T>(call: KeyedCall, locationId: string | null, answer: (publications: Publication[]) => T) {
    let published: Publication[] = [];
    const result = await idempotently(this.db, call, async (tx) => {
      published = await publishMenus(tx, call.caller, locationId);
      return answer(published);
    });
    // Whoever published reads the new menu at once.
    await this.onSale.forget(
      call.caller.organizationId,
      published.map((publication) => publication.locationId),
    );
    return result;
  }
}

const Position = z.tuple([z.int().min(0).max(2_147_483_647)]);

const FOR_EVER = 'private, max-age=31536000, immutable';
