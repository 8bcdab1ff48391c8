import type { Reduction } from './bill.js';
import type { Script } from './script.js';
import type { Tender } from './visit.js';
import { whole } from './whole-numbers.js';

/** A kind of visit: what happens on it, by whom it may be, and on which days of the season. */
export interface Story {
  readonly name: string;
  /** Only guests who are known can. */
  readonly known?: boolean;
  /** The first and the last day, from 0. */
  readonly days?: readonly [first: number, last: number];
  /** What the visit is about besides the guests: visits of the same thing happen one after another. */
  readonly thread?: 'gift card';
  /** @param turn how often the story was told before */
  readonly tell: (script: Script, turn: number) => void;
}

const card: Tender = { method: 'card', source: 'tok_visa', capture: true };
const otherCard: Tender = { method: 'card', source: 'tok_mastercard', capture: true };
const held: Tender = { method: 'card', source: 'tok_visa', capture: false };
const declined: Tender = { method: 'card', source: 'tok_declined', capture: true };
const stumbling: Tender = { method: 'card', source: 'tok_error_charged', capture: true };
const noRefund: Tender = { method: 'card', source: 'tok_refund_declined', capture: true };
const cash: Tender = { method: 'cash' };
const wallet: Tender = { method: 'wallet' };
const giftCard = (account: string): Tender => ({ method: 'gift_card', account });
const house = (account: string): Tender => ({ method: 'house_account', account });

const REGULAR: Reduction = { kind: 'percent', name: 'Regular', reason: 'Comes every week', rate: 100_000 };
const WAITED: Reduction = { kind: 'fixed', name: 'Sorry', reason: 'Waited too long', amount: 6_00 };
const HALF: Reduction = { kind: 'percent', name: 'Half price', reason: 'Too salty', rate: 500_000 };
const COMP: Reduction = { kind: 'comp', name: 'On the house', reason: 'Burnt' };

const LOADED = 40_00;
const half = (amount: number): number => whole(amount, 2);

/** Told in turn, so that however many visits there are, each kind is among them about as often as any other. */
export const STORIES: readonly Story[] = [
  { name: 'by card, with a tip', tell: (t) => t.order().pay('card', card, { tip: 15 }) },
  { name: 'in cash', tell: (t) => t.order().pay('cash', cash) },
  { name: 'a gift card is bought', thread: 'gift card', days: [0, 9], tell: buysGiftCard },
  {
    name: 'ordered more in the happy hour',
    tell: (t) =>
      t.order({ served: 'dine_in' }).fire().add('beer', 25).add('wine', 50).fire().pay('card', card).complete(),
  },
  { name: 'cash and card', tell: cashAndCard },
  { name: 'by wallet', tell: (t) => t.order().pay('wallet', wallet, { tip: 10 }) },
  {
    name: 'a large party',
    tell: (t) => t.order({ served: 'dine_in', covers: t.dice.between(8, 14) }).pay('card', card),
  },
  {
    name: 'a regular’s tenth off',
    known: true,
    tell: (t) => t.order({ reductions: [REGULAR], by: 'amelie' }).pay('cash', cash),
  },
  {
    name: 'something off for waiting',
    tell: (t) => t.order({ reductions: [WAITED], by: 'bruno', approver: 'chef' }).pay('card', card),
  },
  {
    name: 'a comp',
    tell: (t) => t.order({ plain: true, also: TWO }).reduce(COMP, 'amelie', 'chef').pay('card', card, { tip: 20 }),
  },
  {
    name: 'half price of a thing',
    tell: (t) => t.order({ plain: true, also: TWO }).reduce(HALF, 'bruno', 'chef').pay('cash', cash),
  },
  {
    name: 'a coupon for a tenth',
    tell: (t) => t.order({ offer: 'welcome', gift: { kind: 'percent', rate: 100_000 } }).pay('card', card),
  },
  {
    name: 'a coupon for sweets',
    tell: (t) =>
      t
        .order({ plain: true, also: SWEETS, offer: 'sweets', gift: { kind: 'pairs', category: 'desserts' } })
        .pay('cash', cash),
  },
  {
    name: 'a coupon for five dollars',
    tell: (t) => t.order({ also: TWO, offer: 'fiver', gift: { kind: 'fixed', amount: 5_00 } }).pay('wallet', wallet),
  },
  {
    name: 'a coffee for points',
    known: true,
    tell: (t) =>
      t
        .order({
          plain: true,
          also: [['coffee', 2]],
          offer: 'reward',
          gift: { kind: 'free', quantity: 1, item: 'coffee' },
        })
        .pay('card', card),
  },
  {
    name: 'voided before the kitchen knew',
    tell: (t) => t.order({ also: TWO }).void('Changed their mind', 3).pay('card', card),
  },
  {
    name: 'voided after it was sent',
    tell: (t) => t.order({ also: TWO }).fire().void('Dropped', 20, 'chef').complete().pay('cash', cash),
  },
  {
    name: 'taken away after all',
    tell: (t) => t.order({ served: 'dine_in', covers: 2 }).serve('take_away').pay('card', card).complete(),
  },
  { name: 'the tip on the slip', tell: (t) => t.order().pay('card', held, { ends: 'authorized' }).capture('card', 18) },
  {
    name: 'the card is let go',
    tell: (t) => t.order().pay('held', held, { ends: 'authorized' }).letGo('held').pay('cash', cash),
  },
  { name: 'a declined card', tell: (t) => t.order().pay('no', declined, { ends: 'declined' }).pay('card', otherCard) },
  { name: 'all goes back', known: true, tell: (t) => t.order().pay('card', card, { tip: 12 }).refund('card', 'Cold') },
  { name: 'cash goes back', tell: (t) => t.order().pay('cash', cash).refund('cash', 'Never came') },
  {
    name: 'half of it goes back',
    known: true,
    tell: (t) => t.order().pay('card', card).refund('card', 'Late', { of: 2 }),
  },
  { name: 'in three parts it goes back', known: true, tell: inThreeParts },
  { name: 'the tip goes back', tell: (t) => t.order().pay('card', card, { tip: 15 }).refundTip('card', 'Typed wrong') },
  {
    name: 'a line goes back',
    known: true,
    tell: (t) =>
      t
        .order({ served: 'take_away', also: TWO })
        .pay('card', card)
        .giveBack([lastOf(t, 1)], 'Cold', ['card']),
  },
  {
    name: 'one menu of two goes back',
    tell: (t) =>
      t
        .order({ served: 'dine_in', covers: 2, also: [['lunch', 2]] })
        .pay('cash', cash)
        .giveBack([{ ...lastOf(t, 1), isCombo: true }], 'Wrong table', ['cash']),
  },
  { name: 'a gift card pays', thread: 'gift card', days: [10, 27], tell: giftCardPays },
  { name: 'split in three', tell: splitInThree },
  { name: 'split by item, and one thing goes back', tell: splitByItem },
  { name: 'split by amount', tell: splitByAmount },
  { name: 'cancelled', tell: (t) => t.order().cancel('Guests left', 15) },
  {
    name: 'cancelled after it was paid',
    known: true,
    tell: (t) =>
      t
        .order({ served: 'take_away', also: [['soup', 1]] })
        .add('tart', 4)
        .pay('card', card)
        .cancel('No show', 90)
        .refundDue('card', 'No show'),
  },
  { name: 'on the house account', tell: houseAccount },
  { name: 'a gift card goes back unspent', tell: unspentGiftCard },
  { name: 'cancelled after a gift card and cash had paid', tell: cancelledGiftCard },
  {
    name: 'a large party, split in four',
    tell: (t) => {
      t.order({ served: 'dine_in', covers: t.dice.between(8, 12) }).split({ by: 'evenly', ways: 4 });
      for (const check of [0, 1, 2, 3]) t.pay(`payment ${check}`, check % 2 === 0 ? card : cash, { check, tip: 5 });
    },
  },
  {
    name: 'the evening of a large party goes back',
    known: true,
    tell: (t) => t.order({ served: 'dine_in', covers: 9 }).pay('card', card).giveAllBack('Power cut', ['card']),
  },
  {
    name: 'all goes back, one thing first',
    known: true,
    tell: (t) =>
      t
        .order({ served: 'dine_in', covers: 2, also: TWO, reductions: [REGULAR], by: 'amelie' })
        .pay('cash', cash)
        .giveBack([lastOf(t, 1)], 'Cold', ['cash'])
        .giveAllBack('Cold, too', ['cash']),
  },
  {
    name: 'voided after it was paid',
    known: true,
    tell: (t) =>
      t
        .order({ also: TWO })
        .fire()
        .pay('card', card, { tip: 10 })
        .void('Never came', 70, 'chef')
        .refundDue('card', 'Never came'),
  },
  {
    name: 'a combo is broken',
    tell: (t) =>
      t
        .order({ also: [['lunch', 2]] })
        .breakCombo()
        .pay('card', card)
        .complete(),
  },
  {
    name: 'taken away when half was paid',
    tell: (t) => {
      t.order({ served: 'dine_in', covers: 2 });
      t.pay('cash', cash, { amount: half(t.due()) })
        .serve('take_away')
        .pay('card', card)
        .complete();
    },
  },
  { name: 'the tip came later', tell: (t) => t.order().pay('cash', cash).tipLater('tip', card, 3_50) },
  {
    name: 'a tenth off a menu',
    tell: (t) => t.order({ also: [['evening', 2, [REGULAR]]], by: 'bruno' }).pay('cash', cash),
  },
  { name: 'the provider stumbles', tell: (t) => t.order().pay('card', stumbling, { tip: 10 }) },
  {
    name: 'a refund that the card declines',
    tell: (t) => {
      t.order({
        served: 'take_away',
        also: [
          ['lemonade', 2],
          ['steak', 1],
        ],
      });
      t.pay('card', noRefund, { amount: half(t.due()) }).pay('cash', cash);
      t.giveBack([lastOf(t, 1)], 'Flat', ['card', 'cash'], ['card']);
    },
  },
  {
    name: 'a coffee for points that nobody had',
    known: true,
    tell: (t) => t.order(A_COFFEE).cancel('Had to go', 5),
  },
  {
    name: 'a coffee for points, and half of the rest goes back',
    known: true,
    tell: (t) => t.order(A_COFFEE).pay('card', card).refund('card', 'Slow', { of: 2 }),
  },
  {
    name: 'half is captured',
    tell: (t) => t.order().pay('card', held, { ends: 'authorized' }).capture('card', 10, 2).pay('cash', cash),
  },
  {
    name: 'recognized later',
    known: true,
    tell: (t) => t.order({ anonymous: true }).recognize().pay('card', card).complete(),
  },
  {
    name: 'ordered more after the split',
    tell: (t) => {
      t.order({ served: 'dine_in', covers: 3, also: TWO }).fire().split({ by: 'evenly', ways: 3 });
      t.pay('first', card, { check: 0 }).addToSplit('tart', 40);
      t.pay('second', card, { check: 1 }).pay('third', cash, { check: 2 }).complete();
    },
  },
];

const TWO = [
  ['mussels', 2],
  ['lemonade', 1],
] as const;
const A_COFFEE = {
  plain: true,
  also: [['coffee', 2]],
  offer: 'reward',
  gift: { kind: 'free', quantity: 1, item: 'coffee' },
} as const;
const SWEETS = [
  ['brulee', 2],
  ['tart', 1],
] as const;

/** So many of the last thing ordered that there are two of. */
const lastOf = ({ asked }: Script, units: number) => ({
  asked: asked.findLastIndex(({ quantity }) => quantity >= 2),
  units,
  isCombo: false,
});

function buysGiftCard(t: Script, turn: number): void {
  const account = `gift card ${turn}`;
  t.order().pay('card', card).open(account, 'gift_card');
  t.load('load', account, LOADED, turn % 2 === 0 ? card : cash);
}

function giftCardPays(t: Script, turn: number): void {
  t.order().pay('gift card', giftCard(`gift card ${turn}`), { amount: LOADED });
  t.pay('rest', cash);
  if (turn % 3 === 2) t.refund('gift card', 'Cold', { of: 2 });
}

function cashAndCard(t: Script): void {
  t.order();
  t.pay('cash', cash, { amount: half(t.due()) }).pay('card', card, { tip: 10 });
}

function inThreeParts(t: Script): void {
  t.order().pay('card', card).refund('card', 'Cold', { of: 3 }).refund('card', 'Cold, too', { of: 2, after: 150 });
  t.refund('card', 'All of it', { after: 24 * 60 });
}

function splitInThree(t: Script): void {
  t.order({ served: 'dine_in', covers: 3 }).split({ by: 'evenly', ways: 3 });
  t.pay('first', card, { check: 0, tip: 10 }).pay('second', cash, { check: 1 }).pay('third', wallet, { check: 2 });
}

/** What goes back was on the second check; the money comes from the first as far as it can, else from the second. */
function splitByItem(t: Script): void {
  t.order({
    served: 'dine_in',
    covers: 4,
    also: [
      ['soup', 2],
      ['steak', 2],
    ],
  });
  const [last, ...others] = [...t.asked.keys()].toReversed();
  t.split({ by: 'items', checks: [others, last === undefined ? [] : [last]] });
  t.pay('first', card, { check: 0 }).pay('second', otherCard, { check: 1 });
  t.giveBack([lastOf(t, 2)], 'Overdone', ['first', 'second']);
}

function splitByAmount(t: Script): void {
  t.order({ served: 'dine_in', covers: 2, also: [['steak', 1]] });
  t.split({ by: 'amounts', amounts: [half(t.due()) + 1] });
  t.pay('first', cash, { check: 0 }).pay('second', card, { check: 1, tip: 5 });
}

function houseAccount(t: Script, turn: number): void {
  const account = `house account ${turn}`;
  t.order().open(account, 'house_account').pay('house', house(account));
  t.load('settled', account, 10_00, card);
}

function unspentGiftCard(t: Script, turn: number): void {
  const account = `unwanted gift card ${turn}`;
  t.order().pay('cash', cash).open(account, 'gift_card').load('load', account, 25_00, otherCard);
  t.refund('load', 'Unwanted', { of: 1 });
}

function cancelledGiftCard(t: Script, turn: number): void {
  const account = `other gift card ${turn}`;
  t.order({ served: 'take_away', also: TWO }).fire().open(account, 'gift_card').load('load', account, 15_00, card);
  t.pay('gift card', giftCard(account), { amount: 15_00 }).pay('cash', cash).cancel('Power cut', 80, 'chef');
  t.refundDue('gift card', 'Power cut').refundDue('cash', 'Power cut');
}
