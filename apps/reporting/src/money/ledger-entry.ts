import type { Account, Envelope, LedgerPosted } from '@comanda/contracts';

type Posted = Envelope<typeof LedgerPosted>['data'];

/** A transaction with an amount for each account. */
export type Entry = Omit<Posted, 'id' | 'postings' | 'refundId'> & { readonly transactionId: string } & Readonly<
    Record<'collected' | 'merchant' | 'tax' | 'tip' | 'providerFee' | 'platformFee' | 'rounding' | 'loaded', number>
  >;

/**
 * Reads a transaction by its accounts: what came in is what the others say whose it is, so that it is right also for an
 * account that money may come in on one day. Everything is positive when it is collected, negative when it goes back.
 */
export function toEntry({ id, postings, refundId: _, ...facts }: Posted): Entry {
  const owned = (account: Account): number =>
    postings.reduce((sum, posting) => (posting.account === account ? sum - posting.amount.amount : sum), 0);
  const inCashOrByCard = postings.some(({ account }) => account === 'cash' || account === 'card');
  const owners = {
    merchant: owned('merchant'),
    tax: owned('tax'),
    tip: owned('tip'),
    providerFee: owned('psp_fee'),
    platformFee: owned('platform_fee'),
    rounding: owned('rounding'),
    // Beside cash or a card the guest's account is whose it is; by itself it is what was paid with.
    loaded: inCashOrByCard ? owned('gift_card') + owned('house_account') : 0,
  };
  const collected = Object.values(owners).reduce((sum, amount) => sum + amount, 0);
  return { ...facts, transactionId: id, collected, ...owners };
}
