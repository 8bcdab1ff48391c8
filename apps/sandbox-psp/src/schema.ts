import type { Schema } from '@comanda/platform';
import { SandboxPsp1763940000000 } from '../migrations/1763940000000-sandbox-psp.js';
import { CallEntity, ChargeEntity } from './charges/charge.entity.js';
import { CodeEntity } from './codes/code.entity.js';
import { DisputeEntity } from './disputes/dispute.entity.js';
import { NoticeEntity } from './webhooks/notice.entity.js';

/** Under this name the sandbox's database is found in the environment: `SANDBOX_PSP_DATABASE_URL`. */
export const SANDBOX_PSP = 'sandbox_psp';

/** The sandbox's own tables. */
export const sandboxPspSchema: Schema = {
  entities: [ChargeEntity, CallEntity, CodeEntity, DisputeEntity, NoticeEntity],
  migrations: [SandboxPsp1763940000000],
};
