import { newId } from '@comanda/platform';
import { beforeAll } from 'vitest';
import { type TestStripe, testStripe } from '../testing/stripe.js';
import { describeProvider } from './provider.contract.js';
import { StripeProvider } from './stripe-provider.js';

let stripe: TestStripe;
const organizationId = newId();
beforeAll(async () => {
  stripe = await testStripe();
  stripe.connect('acct_house', organizationId);
  stripe.connect('acct_other', newId());
});

describeProvider('Stripe', () => {
  const { STRIPE_API_URL: url, STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = stripe.settings;
  const accountOf = (organization: string) =>
    Promise.resolve({ stripeAccount: organization === organizationId ? 'acct_house' : 'acct_other' });
  return Promise.resolve({
    provider: new StripeProvider({ url, secretKey, webhookSecrets: [webhookSecret], flexible: true, accountOf }),
    organizationId,
    good: 'pm_card_visa',
    bad: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    declineCode: 'insufficient_funds',
    trouble: (...trouble) => Promise.resolve(stripe.trouble(...trouble)),
    webhook(reference, options) {
      const intent = { id: 'pi_1', object: 'payment_intent', metadata: { reference, organization: organizationId } };
      return stripe.event('payment_intent.succeeded', intent, options);
    },
  });
});
