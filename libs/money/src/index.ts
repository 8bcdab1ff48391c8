export { allocate, proportionOf, splitEvenly } from './allocate.js';
export { convert } from './convert.js';
export { isCurrency, minorDigits } from './currency.js';
export { formatDecimal, parseDecimal } from './decimal.js';
export { add, compare, isZero, money, negate, subtract, sum, wholeUnits, zero } from './money.js';
export type { Money } from './money.js';
export { ROUNDING_MODES, roundRatio, roundToStep, scale, share, WHOLE } from './rounding.js';
export type { RoundingMode } from './rounding.js';
