import type { Grant } from '@comanda/contracts';
import { canonicalJson } from './http/canonical-json.js';
import { deriveKey, keyedHash, sameText } from './secrets.js';

/** The key that grants are signed with; loyalty signs, orders verifies. */
export const grantKey = (rootSecret: string): Buffer => deriveKey(rootSecret, 'grants');

/** Signs the right to a discount, so that orders can take it off without asking: HMAC-SHA-256 over its canonical JSON. */
export const signGrant = (key: Buffer, grant: Omit<Grant, 'signature'>): Grant => ({
  ...grant,
  signature: keyedHash(key, canonicalJson(grant)),
});

/** Whether a grant is one of ours, unchanged to the last field. */
export const isGrantSigned = (key: Buffer, { signature, ...grant }: Grant): boolean =>
  sameText(signature, keyedHash(key, canonicalJson(grant)));
