import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CONFIG, deriveKey, type PlatformConfig } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WebhookEndpointRow } from './endpoint.entity.js';

/** Keeps signing secrets sealed: AES-256-GCM under a key of the installation, bound to the endpoint they belong to. */
@Injectable()
export class SigningSecrets {
  readonly #key: Buffer;

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#key = deriveKey(config.COMANDA_SECRET, 'webhooks');
  }

  /** Layout: 12 bytes of nonce, 16 of tag, the rest. */
  seal(endpointId: string, secret: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(placeOf(endpointId));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /**
   * @throws when the secret belongs to another endpoint, or a byte is not what it was
   */
  open(endpointId: string, sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(placeOf(endpointId))
      .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
  }

  /** The secrets that sign at this moment: the newest, then the one before it while the two overlap. */
  valid(of: Pick<WebhookEndpointRow, 'id' | 'secret' | 'previousSecret' | 'previousSecretUntil'>, at: Date): string[] {
    const overlaps = of.previousSecret && of.previousSecretUntil && of.previousSecretUntil > at;
    return [of.secret, ...(overlaps ? [of.previousSecret as Buffer] : [])].map((sealed) => this.open(of.id, sealed));
  }
}

const NONCE = 12;
const TAG = 16;
const placeOf = (endpointId: string): Buffer => Buffer.from(`webhook_endpoints.secret.${endpointId}`);
