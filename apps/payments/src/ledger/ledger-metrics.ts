import { LedgerPosted } from '@comanda/contracts';
import { onPublished } from '@comanda/events';
import { measureAsked, METRICS, WORKER_DATABASE } from '@comanda/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { unbalanced } from './ledger.store.js';

/** Counts what is posted to the ledger, as its events tell it, and watches that it balances. */
@Injectable()
export class LedgerMetrics {
  readonly #transactions: Counter<'kind'>;
  readonly #posted: Counter<'account' | 'side' | 'currency'>;

  constructor(db: DataSource, @Inject(WORKER_DATABASE) worker: DataSource, @Inject(METRICS) metrics: Registry) {
    const registers = [metrics];
    this.#transactions = new Counter({
      name: 'ledger_transactions_total',
      help: 'Transactions posted to the ledger, by kind.',
      labelNames: ['kind'],
      registers,
    });
    this.#posted = new Counter({
      name: 'ledger_posted_minor_units_total',
      help: 'Money posted to the ledger, in minor units, by account, side and currency.',
      labelNames: ['account', 'side', 'currency'],
      registers,
    });
    measureAsked(metrics, () => unbalanced(worker), [
      {
        name: 'ledger_unbalanced_transactions',
        help: 'Transactions of the last minute whose legs do not sum to zero: never anything but zero.',
        read: (transactions) => transactions,
      },
    ]);
    onPublished(db, (events) => {
      for (const { type, data } of events) if (type === LedgerPosted.type) this.#count(JSON.parse(data) as Posted);
    });
  }

  #count({ kind, postings }: Posted): void {
    this.#transactions.inc({ kind });
    for (const { account, amount } of postings) {
      const side = amount.amount > 0 ? 'debit' : 'credit';
      this.#posted.inc({ account, side, currency: amount.currency }, Math.abs(amount.amount));
    }
  }
}

type Posted = z.output<typeof LedgerPosted.data>;
