import { GOOD, type Manner, type Operation, type Telling } from './manner.js';

export interface Card {
  readonly brand: string;
  readonly last4: string;
}

interface TestCard {
  readonly card: Card;
  /** Which calls it spoils, and how. All else about it goes well. */
  readonly spoils?: Partial<Record<Operation, Manner>>;
  readonly tells?: Telling;
  /** Its holder disputes whatever is charged to it. */
  readonly disputed?: boolean;
}

const VISA: Card = { brand: 'visa', last4: '4242' };
const MASTERCARD: Card = { brand: 'mastercard', last4: '4444' };
const ALIPAY: Card = { brand: 'alipay', last4: '8888' };
const WECHAT: Card = { brand: 'wechat_pay', last4: '6666' };
const SLOW: Manner = { as: 'dawdles', milliseconds: 2_000 };

/** The test cards, and the wallets of guests whose code is scanned: what each token is. */
const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  tok_visa: { card: VISA },
  tok_mastercard: { card: MASTERCARD },
  tok_declined: { card: VISA, spoils: { authorize: { as: 'declines', code: 'card_declined' } } },
  tok_insufficient_funds: { card: VISA, spoils: { authorize: { as: 'declines', code: 'insufficient_funds' } } },
  tok_timeout: { card: VISA, spoils: { authorize: { as: 'falls_silent' } } },
  tok_timeout_lost: { card: VISA, spoils: { authorize: { as: 'never_hears' } } },
  tok_slow: { card: VISA, spoils: { authorize: SLOW } },
  tok_error: { card: VISA, spoils: { authorize: { as: 'errs', status: 500, after: false } } },
  tok_error_charged: { card: VISA, spoils: { authorize: { as: 'errs', status: 500, after: true } } },
  tok_rate_limited: { card: VISA, spoils: { authorize: { as: 'errs', status: 429, after: false } } },
  tok_garbage: { card: VISA, spoils: { authorize: { as: 'garbles' } } },
  tok_reset: { card: VISA, spoils: { authorize: { as: 'hangs_up', after: false } } },
  tok_reset_charged: { card: VISA, spoils: { authorize: { as: 'hangs_up', after: true } } },
  tok_webhook: { card: VISA, tells: 'at_once' },
  tok_webhook_first: { card: VISA, tells: 'before_the_answer' },
  tok_timeout_webhook: { card: VISA, spoils: { authorize: { as: 'falls_silent' } }, tells: 'at_once' },
  tok_declined_then_captured: { card: VISA, spoils: { authorize: { as: 'changes_its_mind' } } },
  tok_disputed: { card: VISA, disputed: true },
  tok_increment_declined: { card: VISA, spoils: { increment: { as: 'declines', code: 'insufficient_funds' } } },
  tok_increment_timeout: { card: VISA, spoils: { increment: { as: 'falls_silent' } } },
  tok_capture_declined: { card: VISA, spoils: { capture: { as: 'declines', code: 'authorization_expired' } } },
  tok_capture_timeout: { card: VISA, spoils: { capture: { as: 'falls_silent' } } },
  tok_capture_timeout_lost: { card: VISA, spoils: { capture: { as: 'never_hears' } } },
  tok_void_timeout: { card: VISA, spoils: { void: { as: 'falls_silent' } } },
  tok_refund_declined: { card: VISA, spoils: { refund: { as: 'declines', code: 'refund_declined' } } },
  tok_refund_timeout: { card: VISA, spoils: { refund: { as: 'falls_silent' } } },
  tok_refund_timeout_lost: { card: VISA, spoils: { refund: { as: 'never_hears' } } },
  wallet_alipay: { card: ALIPAY },
  wallet_wechat: { card: WECHAT },
  wallet_empty: { card: ALIPAY, spoils: { authorize: { as: 'declines', code: 'insufficient_funds' } } },
  wallet_timeout: { card: WECHAT, spoils: { authorize: { as: 'falls_silent' } } },
};

/** A guest's wallet that wants a password first: the guest has still to say yes. */
export const asksFirst = (source: string): boolean => source === 'wallet_password';

/** How the card behind a token takes a call. An unknown token is no card. */
export function mannerOf(source: string, operation: Operation): Manner {
  const known = TEST_CARDS[source];
  if (!known) return { as: 'declines', code: 'invalid_source' };
  return known.spoils?.[operation] ?? GOOD;
}

export const cardOf = (source: string): Card => TEST_CARDS[source]?.card ?? ALIPAY;
export const tellingOf = (source: string): Telling => TEST_CARDS[source]?.tells ?? 'nothing';
export const isDisputed = (source: string): boolean => TEST_CARDS[source]?.disputed ?? false;
