import type { ServiceType } from '@comanda/client';
import type { Asked, Billed, Reduction, Table } from './bill.js';
import type { OFFERS, STAFF } from './bistro.js';

/** Who works at the restaurant. */
export type Person = keyof typeof STAFF;

/** One coming of guests, as what happened in order. It follows from a seed alone, and says what each step comes to. */
export interface Visit {
  /** From 0, in no order of time. */
  readonly number: number;
  /** What kind of visit it is. */
  readonly story: string;
  /** Visits of one thread happen one after another; all others at once. */
  readonly thread: string;
  /** When the guests ordered. */
  readonly at: Date;
  readonly channel: 'pos' | 'online' | 'phone';
  /** Which of the known guests it is. */
  readonly guest: number | null;
  readonly steps: readonly Step[];
}

/** How something is paid. */
export type Tender =
  | { readonly method: 'cash' }
  | { readonly method: 'card'; readonly source: string; readonly capture: boolean }
  | { readonly method: 'wallet' }
  | { readonly method: 'gift_card'; readonly account: string }
  | { readonly method: 'house_account'; readonly account: string };

/** Things of the order that go back: one of a line, or one of a combo with all that is in it. */
export interface Back {
  readonly asked: number;
  readonly units: number;
  readonly isCombo: boolean;
}

/** Minutes after the visit began, for what has a time of its own. */
interface Later {
  readonly after: number;
}

/** A step of a visit. Amounts are cents; `bill` is what the order comes to after it. */
export type Step =
  | {
      readonly do: 'order';
      readonly table: Table;
      readonly offer: keyof typeof OFFERS | 'reward' | null;
      readonly by: Person | null;
      readonly approver: Person | null;
      /** Nobody knows yet who it is. */
      readonly anonymous: boolean;
      readonly bill: Billed;
    }
  | { readonly do: 'recognize' }
  /** Orders hears of what was paid so far, a moment after it was. */
  | { readonly do: 'hear'; readonly paid: number }
  | { readonly do: 'break'; readonly asked: number; readonly bill: Billed }
  | ({ readonly do: 'add'; readonly asked: readonly Asked[]; readonly bill: Billed } & Later)
  | { readonly do: 'fire' | 'complete' }
  | ({
      readonly do: 'void';
      readonly asked: number;
      /** At list price. */
      readonly value: number;
      readonly reason: string;
      readonly approver: Person | null;
      readonly bill: Billed;
    } & Later)
  | {
      readonly do: 'reduce';
      readonly asked: number;
      readonly reduction: Reduction;
      readonly by: Person;
      readonly approver: Person | null;
      readonly bill: Billed;
    }
  | { readonly do: 'serve'; readonly as: ServiceType; readonly bill: Billed }
  | { readonly do: 'split'; readonly how: Splitting; readonly into: readonly number[] }
  | ({
      readonly do: 'cancel';
      readonly value: number;
      readonly reason: string;
      readonly approver: Person | null;
      readonly bill: Billed;
    } & Later)
  | ({
      readonly do: 'pay';
      /** A name of its own within the visit. */
      readonly payment: string;
      readonly check: number;
      readonly tender: Tender;
      readonly amount: number;
      readonly rounding: number;
      readonly tip: number;
      readonly ends: 'captured' | 'authorized' | 'declined';
    } & Later)
  | { readonly do: 'capture'; readonly payment: string; readonly amount: number; readonly tip: number }
  | { readonly do: 'let_go'; readonly payment: string }
  | ({
      readonly do: 'return';
      readonly name: string;
      readonly back: readonly Back[];
      readonly reason: string;
      readonly comesTo: number;
    } & Later)
  | ({
      readonly do: 'refund';
      readonly payment: string;
      readonly method: Tender['method'];
      /** The return that it answers. */
      readonly answers: string | null;
      readonly amount: number;
      readonly rounding: number;
      readonly tip: number;
      readonly reason: string;
      /** It answers a total that fell. */
      readonly isDue: boolean;
      /** The provider declines it. */
      readonly fails: boolean;
      /** Of a load of a gift card or house account. */
      readonly ofLoad: string | null;
    } & Later)
  | { readonly do: 'open'; readonly account: string; readonly kind: 'gift_card' | 'house_account' }
  | ({
      readonly do: 'load';
      readonly payment: string;
      readonly account: string;
      readonly tender: Tender;
      readonly amount: number;
      readonly rounding: number;
    } & Later);

/** The steps that do one thing. */
export type StepOf<Do extends Step['do']> = Extract<Step, { readonly do: Do }>;

export type Splitting =
  | { readonly by: 'evenly'; readonly ways: number }
  | { readonly by: 'amounts'; readonly amounts: readonly number[] }
  /** Which of the things asked for each check takes. */
  | { readonly by: 'items'; readonly checks: readonly (readonly number[])[] };
