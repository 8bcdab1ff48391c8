import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * Encrypts with AES-256-GCM, bound to where the text stands (table, column, row), so that a ciphertext moved elsewhere
 * does not open. Layout: 12 bytes of nonce, 16 of tag, the rest.
 */
export function seal(key: Buffer, plain: Buffer | string, place: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/**
 * @throws when the key, the place or a byte is not what it was
 */
export function open(key: Buffer, sealed: Buffer, place: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
}

/** Where something of a customer stands. */
export const placeOf = (customerId: string, column: 'wrapped_key' | 'particulars'): string =>
  `customers.${column}.${customerId}`;

/** What a blind index is made of. */
export type Findable = 'phone' | 'email';

/**
 * A blind index: finds who has a phone number or e-mail without storing it. Its key follows from the organization's, so
 * that two organizations' tables cannot be compared, and is not the one that wraps.
 */
export function blindIndex(organizationKey: Buffer, field: Findable, value: string): string {
  const key = createHmac('sha256', organizationKey).update('blind-index').digest();
  return createHmac('sha256', key)
    .update(`${field}:${normalized(field, value)}`)
    .digest('base64url');
}

/** However it is written: digits of a phone number with 00 for +, an e-mail in small letters. */
function normalized(field: Findable, value: string): string {
  return field === 'phone' ? value.replaceAll(/[^0-9]/g, '').replace(/^00/, '') : value.trim().toLowerCase();
}

export const newKey = (): Buffer => randomBytes(32);

const NONCE = 12;
const TAG = 16;
