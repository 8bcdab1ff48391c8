import { createHmac, type KeyObject } from 'node:crypto';
import type { Bill } from '@comanda/contracts';
import { canonicalJson } from './http/canonical-json.js';
import { deriveKey, sameText } from './secrets.js';

/** The key that bills are signed with; orders signs, payments verifies. */
export const billKey = (rootSecret: string): Buffer => deriveKey(rootSecret, 'bills');

/**
 * Signs what a check comes to, so that payments can trust it without asking: HMAC-SHA-256 over its canonical JSON. Who
 * signs often holds the key as a `KeyObject`, which Node takes five times faster than bytes.
 */
export const signBill = (key: Buffer | KeyObject, bill: Omit<Bill, 'signature'>): Bill => ({
  ...bill,
  signature: signatureOf(key, bill),
});

/** Whether a bill is one of ours, unchanged to the last field. */
export function isBillSigned(key: Buffer | KeyObject, { signature, ...bill }: Bill): boolean {
  return sameText(signature, signatureOf(key, bill));
}

const signatureOf = (key: Buffer | KeyObject, bill: Omit<Bill, 'signature'>): string =>
  createHmac('sha256', key).update(canonicalJson(bill)).digest('base64url');
