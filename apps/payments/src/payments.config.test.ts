import { describe, expect, test } from 'vitest';
import { PaymentsConfig } from './payments.config.js';

const whole = {
  STRIPE_SECRET_KEY: 'sk_test_123',
  STRIPE_WEBHOOK_SECRET: 'whsec_123',
};

describe('what is set wrongly names itself, and no secret:', () => {
  test.each<[string, Record<string, string>]>([
    ['STRIPE_SECRET_KEY', { ...whole, STRIPE_SECRET_KEY: 'pk_test_123' }],
    ['STRIPE_WEBHOOK_SECRET', { STRIPE_SECRET_KEY: whole.STRIPE_SECRET_KEY }],
    ['STRIPE_WEBHOOK_SECRET', { ...whole, STRIPE_WEBHOOK_SECRET: 'sk_test_123' }],
    ['STRIPE_API_URL', { ...whole, STRIPE_API_URL: 'api.stripe.com' }],
    ['STRIPE_ORGANIZATION', { ...whole, STRIPE_ORGANIZATION: 'the pizza place' }],
    ['STRIPE_FLEXIBLE_CARDS', { ...whole, STRIPE_FLEXIBLE_CARDS: 'yes' }],
    ['SANDBOX_PSP_KEY', { SANDBOX_PSP_URL: 'http://127.0.0.1:1', SANDBOX_PSP_WEBHOOK_SECRET: 'whsec_123' }],
  ])('%s', (name, environment) => {
    const { error } = PaymentsConfig.safeParse(environment);
    expect(error?.issues.map(({ path }) => path.join())).toEqual([name]);
    expect(JSON.stringify(error?.issues)).not.toContain('123');
  });
});

test('nothing needs to be set, and Stripe needs its key and what it signs with', () => {
  expect(PaymentsConfig.parse({})).toMatchObject({ STRIPE_FLEXIBLE_CARDS: 'off' });
  const secrets = { ...whole, STRIPE_WEBHOOK_SECRET: 'whsec_123,whsec_456' };
  expect(PaymentsConfig.parse(secrets).STRIPE_WEBHOOK_SECRET).toEqual(['whsec_123', 'whsec_456']);
});
