import type { RoundingMode } from '@comanda/money';

/**
 * Everything a total depends on. Amounts are whole minor units of `currency`, rates are parts per million (8.875 % is
 * 88_750), ids are the caller's. A cart is plain data: it may be stored or sent as JSON and priced anywhere, always with
 * the same result.
 */
export type Cart = {
  /** The ISO 4217 code of every amount in the cart. */
  readonly currency: string;
  readonly policy: TaxPolicy;
  readonly serviceType: ServiceType;
  /** Guests at the table, for charges that ask for a minimum; 0 when nobody counted. */
  readonly covers: number;
  readonly lines: readonly Line[];
  /** Discounts on the whole order, shared out over its lines. */
  readonly discounts: readonly Discount[];
  readonly serviceCharges: readonly ServiceCharge[];
};

/** How the guest is served. Taxes may depend on it; a chain may have service types of its own. */
export type ServiceType = 'dine_in' | 'take_away' | 'delivery' | (string & Record<never, never>);

/** How the tax jurisdiction rounds. */
export type TaxPolicy = {
  readonly roundingMode: RoundingMode;
  /** `line` rounds each tax on each line; `document` keeps them exact, sums each tax over the order and rounds it once. */
  readonly roundingLevel: 'line' | 'document';
  /** Taxes are rounded to multiples of this many minor units: 1, or 5 where 0.05 is the smallest. */
  readonly step: number;
  /** What is rounded when a price includes its tax, the other being the rest: of 2.99 at 4 %, tax 0.12 or net 2.88. */
  readonly inclusiveTarget: 'tax' | 'net';
};

/** One thing sold, `quantity` times, with its modifiers. */
export type Line = {
  readonly id: string;
  /** At least 1. For weighed goods it counts the small unit (342 g), and `per` says how many of them the price is for. */
  readonly quantity: number;
  /** The prices of the line and its modifiers are for this many units of quantity: 1 if left out, 1000 for a price per kg sold by the gram. */
  readonly per?: number | undefined;
  /** Price of one item without its modifiers, not below zero. It contains those of the taxes that are inclusive. */
  readonly unitPrice: number;
  readonly modifiers: readonly Modifier[];
  readonly taxes: readonly Tax[];
  readonly discounts: readonly Discount[];
  /** The guest it is for; null when the table shares it. */
  readonly seat: number | null;
  /** How it is served, where that is not how the rest of the cart is; its taxes go by it. */
  readonly serviceType?: ServiceType | undefined;
};

/** Something chosen with an item, or with another modifier. */
export type Modifier = {
  readonly id: string;
  /** How many for one of what it modifies, at least 1. */
  readonly quantity: number;
  /** May be below zero ("no cheese", 0.50 less) as long as what it is taxed with is not. */
  readonly unitPrice: number;
  /** A tax category of its own, such as wine in a menu; null when it is taxed with what it modifies. */
  readonly taxes: readonly Tax[] | null;
  readonly modifiers: readonly Modifier[];
};

/** A tax. Wherever one id appears in a cart it is the same tax. Taxes apply in the listed order, inclusive ones first. */
export type Tax = {
  readonly id: string;
  readonly rate: number;
  /** Whether the price already contains it. Several inclusive taxes share one base: each is price · rate ⁄ (1 + Σ rates). */
  readonly inclusive: boolean;
  /** Taken on the price plus the taxes before it that joined the base, instead of on the bare price. */
  readonly compoundsOnPrevious: boolean;
  /** Its amount joins the base of later taxes, for those that compound. */
  readonly joinsBase: boolean;
  /** Applies only when the cart has one of these service types; always, if left out. */
  readonly serviceTypes?: readonly ServiceType[] | undefined;
  /** Rounds otherwise than the jurisdiction does. */
  readonly roundingMode?: RoundingMode | undefined;
};

/**
 * Money off. Percents are taken before fixed amounts, each from what the ones before it left, rounded half-up. A discount
 * takes what is there and no more: the priced discount says how much that was.
 */
export type Discount = { readonly id: string } & (
  | { readonly kind: 'percent'; readonly rate: number }
  | { readonly kind: 'fixed'; readonly amount: number }
);

/** A charge for service, delivery or packing. An order without lines is charged nothing. */
export type ServiceCharge = {
  readonly id: string;
  /**
   * `subtotal` charges are taken before taxes, a percent on prices as listed; `total` charges after them, a percent on
   * all that the guest owes so far: lines and subtotal charges with their taxes. Total charges do not build on one another.
   */
  readonly phase: 'subtotal' | 'total';
  /** The taxes on the charge itself; none when it is not taxable. */
  readonly taxes: readonly Tax[];
  /** Charged only for so many covers or more: automatic gratuity for large parties. 0 charges always. */
  readonly minimumCovers: number;
} & (
  | {
      readonly kind: 'percent';
      readonly rate: number;
      /** Whether discounts lower the charge; `pre_discount` puts them back onto what the percent is taken on. */
      readonly base: 'pre_discount' | 'post_discount';
    }
  | {
      readonly kind: 'fixed';
      readonly amount: number;
      /** Once an order, if left out; `cover`: for each guest, and not at all when nobody counted them. */
      readonly per?: 'order' | 'cover' | undefined;
    }
);
