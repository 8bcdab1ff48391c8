/** A price in a currency; `undefined` when it is named in others alone. What names no price at all is free everywhere. */
export const priceHere = (prices: Readonly<Record<string, number>>, currency: string): number | undefined =>
  Object.keys(prices).length === 0 ? 0 : prices[currency];
