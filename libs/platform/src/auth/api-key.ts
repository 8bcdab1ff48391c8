import { createHash, randomBytes } from 'node:crypto';
import { keyedHash } from '../secrets.js';

/** An API key as its holder has it: `cmd_<live|test>_<id>_<secret>_<checksum>`. Shown once, stored as a keyed hash. */
export interface ApiKeyText {
  readonly text: string;
  readonly id: string;
}

/** Makes a key for an id (a UUID): 192 random bits, and a checksum that finds typing and cut-off mistakes without a look-up. */
export function mintApiKey(id: string, mode: 'live' | 'test'): ApiKeyText {
  const body = `cmd_${mode}_${id.replaceAll('-', '').toLowerCase()}_${randomBytes(24).toString('hex')}`;
  return { text: `${body}_${checksum(body)}`, id };
}

/** Reads a key's id; `undefined` for anything that no key of ours looks like. */
export function parseApiKey(text: string): { id: string; mode: 'live' | 'test' } | undefined {
  const match = KEY.exec(text);
  if (!match) return undefined;
  const [, body = '', mode, hex = '', sum] = match;
  if (checksum(body) !== sum) return undefined;
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), mode: mode as 'live' | 'test' };
}

/** What is stored of a key: HMAC-SHA-256 of its text, so that a stolen table is of no use without the secret. */
export const hashApiKey = (pepper: Buffer, text: string): string => keyedHash(pepper, text);

const KEY = /^(cmd_(live|test)_([0-9a-f]{32})_[0-9a-f]{48})_([0-9a-f]{8})$/;
const checksum = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 8);
