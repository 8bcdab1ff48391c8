import { createHmac } from 'node:crypto';
import { Refusal, sameText } from '@comanda/platform';

/**
 * Checks the signature of a webhook as Standard Webhooks 1.0 (https://www.standardwebhooks.com) has it.
 * @param secret `whsec_` and the key, base64
 * @returns the webhook's id
 * @throws Refusal `signature_invalid` when it is not signed with the secret, or older (or newer) than five minutes
 */
export function verifiedId(
  body: Buffer,
  headers: Readonly<Record<string, string | undefined>>,
  secret: string,
  now = Date.now(),
): string {
  const [id = '', timestamp = '', signatures = ''] = [
    headers['webhook-id'],
    headers['webhook-timestamp'],
    headers['webhook-signature'],
  ];
  const age = Math.abs(now / 1_000 - Number(timestamp));
  // Not a number is no age either.
  if (!(age <= TOLERANCE_SECONDS)) throw unsigned();
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  if (id === '' || !signatures.split(' ').some((signature) => sameText(signature, `v1,${expected}`))) throw unsigned();
  return id;
}

/** Says no more than that: who signs wrongly learns nothing about why. */
export const unsigned = (): Refusal =>
  new Refusal('signature_invalid', 'This webhook is not signed by the provider, or too old.');

const TOLERANCE_SECONDS = 5 * 60;
