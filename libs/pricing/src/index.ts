export type { Cart, Discount, Line, Modifier, ServiceCharge, ServiceType, Tax, TaxPolicy } from './cart.js';
export { priceChoices } from './choices.js';
export type { ChoiceRun, PlainChoice, SizedPrice } from './choices.js';
export type { Charged } from './columns.js';
export { checkSlots, comboPrices } from './combo.js';
export type { ComboPart, ComboSlot, SlotViolation } from './combo.js';
export { shareDiscounts } from './discounts.js';
export { conflictOf, discountsOf } from './grants.js';
export type { Benefit, Conditions, Grant, GrantedDiscounts, GrantedLine, GrantedOrder, Obstacle } from './grants.js';
export { price } from './price.js';
export type {
  PricedCart,
  PricedComponent,
  PricedDiscount,
  PricedLine,
  PricedModifier,
  PricedServiceCharge,
  PricedTax,
  Totals,
} from './priced-cart.js';
export type { Divisible } from './columns.js';
export { divideOver, partOfShare, waysOf } from './division.js';
export type { DividedPart, Division, Parts, SplitPlan } from './division.js';
export { PricingError } from './pricing-error.js';
export type { PricingErrorCode } from './pricing-error.js';
export { refundOf } from './refund.js';
export type { Refund, RefundedLine } from './refund.js';
export { isTime, priceAt, wallClock } from './schedule.js';
export type { TimedPrice, TimeWindow, WallClock, Weekday } from './schedule.js';
export { checkSelections } from './selections.js';
export type { ModifierGroup, ModifierOption, Selection, Violation } from './selections.js';
export type { Share } from './share.js';
export { splitByItem, splitBySeat, splitEvenly } from './split.js';
export type { LinePart, SeatShare } from './split.js';
export { cashRounding, collectionOf } from './tender.js';
export type { CashPolicy, Collection } from './tender.js';
