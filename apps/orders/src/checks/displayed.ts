import type { Displayed, LocationPolicies } from '@comanda/contracts';
import { convert, type Money, sum } from '@comanda/money';
import { Refusal } from '@comanda/platform';

/** What is shown of an order, or of one check of it. */
interface Shown {
  readonly total: Money;
  readonly paid: readonly Money[];
}

/**
 * What somebody owes and has paid, in a currency that the location shows amounts in. It is worked out when it is asked for,
 * costs nothing when it is not, and is nowhere kept, told or added up.
 * @throws Refusal `reference_unknown`, `amount_too_large`
 */
export async function displayed(
  currency: string | undefined,
  shown: Shown,
  policies: () => Promise<LocationPolicies> | LocationPolicies,
): Promise<{ display?: Displayed }> {
  return currency === undefined ? {} : { display: inCurrency(currency, shown, await policies()) };
}

function inCurrency(currency: string, { total, paid }: Shown, { displayCurrencies }: LocationPolicies): Displayed {
  const known = displayCurrencies[currency];
  if (!known)
    throw new Refusal('reference_unknown', `The location shows no amounts in ${currency}.`, {
      errors: [{ pointer: 'query/displayCurrency', detail: 'The location has no rate for it.' }],
    });
  const { rate, asOf } = known;
  try {
    const shown = (amount: Money): Money => convert(amount, currency, rate);
    return { currency, rate, asOf, total: shown(total), paid: shown(sum(total.currency, paid)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal('amount_too_large', `The amount cannot be shown in ${currency}.`, {}, { cause: error });
  }
}
