import { createHash } from 'node:crypto';
import { canonicalJson } from '@comanda/platform';
import type { MenuContent } from './effective-menu.js';

/** A menu with its address, as the text that is stored and served. */
export interface SealedMenu {
  readonly hash: string;
  readonly body: string;
  /** How many items are on it. */
  readonly items: number;
}

/**
 * Seals a menu: its hash is the SHA-256 (hex) of its canonical JSON without the field `hash`, so that whoever holds a
 * menu can check that it is the one asked for.
 */
export function sealMenu(content: MenuContent): SealedMenu {
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { hash, body: canonicalJson({ ...content, hash }), items: content.items.length };
}
