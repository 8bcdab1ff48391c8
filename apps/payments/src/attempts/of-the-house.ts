import type { PaymentRow } from '../payments/payment.entity.js';
import type { Begun } from './attempts.js';
import { isOpen } from './attempt.js';
import type { AttemptRow } from './attempt.entity.js';
import { GIVING_BACK } from './late-money.js';
import { GROWING } from '../tabs/tab.js';

/**
 * Whether an attempt that no request made is still to be asked for: the resolver does. What is given back is asked for until
 * the provider has answered, and more for a tab until it was asked for once: then it is looked up, as any other.
 */
export const isStillToAsk = ({ route, status }: Pick<AttemptRow, 'route' | 'status'>): boolean =>
  (route === GIVING_BACK && isOpen(status)) || (route === GROWING && status === 'pending');

/** What to ask of the provider for an attempt of the house. */
export function askFor(
  { organizationId, id, kind, amount, tip }: AttemptRow,
  { currency, providerReference, authorized }: PaymentRow,
): Begun['question'] {
  const authorization = providerReference ?? '';
  const request = { organizationId, reference: id, authorization, amount: amount + tip, currency };
  return (provider, signal) => {
    switch (kind) {
      case 'increment':
        return provider.increment({ ...request, total: authorized + amount }, signal);
      case 'void':
        return provider.void(request, signal);
      case 'refund':
        return provider.refund(request, signal);
      case 'charge':
      case 'authorize':
      case 'capture':
        throw new Error(`The house does not ${kind} by itself.`);
    }
  };
}
