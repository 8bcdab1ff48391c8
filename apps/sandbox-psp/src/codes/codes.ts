import { inTransaction, insertRows, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import type { Outcome } from '../charges/charge.js';
import type { Authorization, Charges } from '../charges/charges.js';
import { CodeEntity, type CodeRow } from './code.entity.js';

/** What can be said of a code that nobody has paid. */
export type Unpaid =
  | { readonly status: 'waiting'; readonly content: string; readonly expiresAt: string }
  | { readonly status: 'declined'; readonly code: 'code_expired' | 'code_cancelled' };

export interface NewCode {
  readonly organizationId: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly expiresInSeconds: number;
}

/** Codes for wallets. The guest pays on a telephone, when it suits, and nobody waits for it on a line. */
export class Codes {
  constructor(
    private readonly db: DataSource,
    private readonly charges: Charges,
  ) {}

  /** Makes a code, or finds the one of this reference. */
  present({ expiresInSeconds, ...asked }: NewCode): Promise<Unpaid | Outcome> {
    const createdAt = new Date();
    const code: CodeRow = {
      ...asked,
      content: `https://pay.sandbox.invalid/${asked.reference}`,
      cancelled: false,
      expiresAt: new Date(createdAt.getTime() + expiresInSeconds * 1_000),
      createdAt,
    };
    return inTransaction(this.db, asked.organizationId, async (tx) => {
      await insertRows(tx, CodeEntity, [code]);
      return unpaid(await found(tx, asked.reference));
    });
  }

  /** Makes a code worthless; a guest who is paying it at this very moment may win. */
  async cancel(organizationId: string, reference: string): Promise<Unpaid | Outcome> {
    const paid = await this.charges.ended(organizationId, reference);
    if (paid) return paid;
    return inTransaction(this.db, organizationId, async (tx) => {
      await tx.update(CodeEntity, { reference }, { cancelled: true });
      return unpaid(await found(tx, reference));
    });
  }

  async state(organizationId: string, reference: string): Promise<Unpaid | undefined> {
    const code = await inTransaction(this.db, organizationId, (tx) => tx.findOneBy(CodeEntity, { reference }));
    return code ? unpaid(code) : undefined;
  }

  /** The guest pays. That the code has expired or was cancelled meanwhile does not stop money that is on its way. */
  async pay(organizationId: string, reference: string, wallet: string): Promise<Outcome> {
    const code = await inTransaction(this.db, organizationId, (tx) => found(tx, reference));
    const { amount, currency } = code;
    const request: Authorization = {
      organizationId,
      reference,
      source: wallet,
      amount,
      currency,
      capture: true,
      decline: null,
    };
    return this.charges.authorize(request);
  }
}

function unpaid({ cancelled, expiresAt, content }: CodeRow): Unpaid {
  if (cancelled) return { status: 'declined', code: 'code_cancelled' };
  if (expiresAt <= new Date()) return { status: 'declined', code: 'code_expired' };
  return { status: 'waiting', content, expiresAt: expiresAt.toISOString() };
}

/** @throws NotThere */
async function found(tx: Tx, reference: string): Promise<CodeRow> {
  const code = await tx.findOneBy(CodeEntity, { reference });
  if (!code) throw new NotThere();
  return code;
}

/** Nothing is known under a reference. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}
