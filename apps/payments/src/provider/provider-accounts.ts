import type { CardProvider } from '@comanda/contracts';
import {
  type Caller,
  CONFIG,
  exemplar,
  inTransaction,
  METRICS,
  Refusal,
  type TracedHistogram,
  tracedHistogram,
} from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { PaymentsConfig } from '../payments.config.js';
import { ConnectedAccounts } from './connected-accounts.js';
import type { Notice, PaymentProvider } from './payment-provider.js';
import { ProviderLine } from './provider-line.js';
import { SandboxProvider } from './sandbox-provider.js';
import { StripeProvider } from './stripe-provider.js';

/** An account at a provider: by its name payments remember where their money is. */
export interface ProviderAccount {
  readonly name: string;
  readonly provider: PaymentProvider;
  readonly line: ProviderLine;
}

/** Where test organizations are paid that have no account elsewhere. */
const SANDBOX = 'sandbox';
const STRIPE = 'stripe';

type ConnectBody = { readonly provider: string; readonly account: string };

/** Which provider a payment goes through. */
@Injectable()
export class ProviderAccounts implements OnModuleDestroy {
  readonly #accounts = new Map<string, ProviderAccount>();
  /** Fixed when an organization is founded. */
  readonly #live = new Map<string, boolean>();
  readonly #sandbox: SandboxProvider | undefined;
  readonly #stripe: StripeProvider | undefined;
  readonly #duration: TracedHistogram<'provider'>;

  constructor(
    private readonly db: DataSource,
    private readonly connected: ConnectedAccounts,
    @Inject(CONFIG) private readonly config: PaymentsConfig,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#duration = tracedHistogram<'provider'>(metrics, {
      name: 'payment_provider_duration_seconds',
      help: 'How long a provider took to answer, or until it was given up.',
      labelNames: ['provider'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    });
    const { SANDBOX_PSP_URL: url, SANDBOX_PSP_KEY: key = '', SANDBOX_PSP_WEBHOOK_SECRET: webhookSecret = '' } = config;
    if (url) this.#sandbox = new SandboxProvider({ url, key, webhookSecret });
    if (this.#sandbox) this.#open(SANDBOX, this.#sandbox);
    this.#stripe = this.#stripeIn(config);
    if (this.#stripe) this.#open(STRIPE, this.#stripe);
    measureLines([...this.#accounts.values()], metrics);
  }

  /**
   * The account that takes an organization's new payments.
   * @throws Refusal `provider_unavailable` where there is none
   */
  async forNewPayments(organizationId: string): Promise<ProviderAccount> {
    const own = this.#stripe && (await this.#stripe.accountOf(organizationId));
    return this.named(own ? STRIPE : SANDBOX);
  }

  /** Where an organization's cards are taken. */
  async chosenBy(organizationId: string): Promise<CardProvider> {
    const own = this.#stripe && (await this.#stripe.accountOf(organizationId));
    if (own) return { provider: STRIPE, account: own.stripeAccount ?? null };
    return { provider: this.#sandbox ? SANDBOX : null, account: null };
  }

  /**
   * Has an organization's cards taken by its own account at a provider from now on.
   * @throws Refusal `provider_account_refused`, `provider_account_fixed`, `provider_unavailable`
   */
  async connect({ organizationId, id }: Caller, { provider, account }: ConnectBody): Promise<CardProvider> {
    const live = await this.isLive(organizationId);
    if (!this.#stripe || provider !== STRIPE)
      throw new Refusal('provider_account_refused', 'No account can be named at this provider here.');
    const signal = AbortSignal.timeout(this.config.PAYMENT_PROVIDER_TIMEOUT_MS);
    if (!(await this.#stripe.isAccountOf({ organizationId, live }, account, signal)))
      throw new Refusal('provider_account_refused', 'The provider does not know this account as this organization’s.');
    await this.connected.connect({ organizationId, provider, account, connectedBy: id, connectedAt: new Date() });
    return { provider, account };
  }

  /** Whom a notice is for; null for nobody here. Whose an account is we know ourselves: its owner may write what he likes on a payment. */
  async organizationOf(provider: string, { organizationId, account }: Notice): Promise<string | null> {
    if (account !== null) return this.connected.holderOf(provider, account);
    return organizationId ?? this.config.STRIPE_ORGANIZATION ?? null;
  }

  /** @throws Refusal `provider_unavailable` for an account that is not set up, or not any more */
  named(name: string | null): ProviderAccount {
    const account = this.#accounts.get(name ?? SANDBOX);
    if (!account) throw new Refusal('provider_unavailable', 'No payment provider is set up here; cash works.');
    return account;
  }

  /** @throws Refusal `not_found` for an account that is not set up */
  find(name: string): ProviderAccount {
    const account = this.#accounts.get(name);
    if (!account) throw new Refusal('not_found', 'There is no such account at a provider.');
    return account;
  }

  /** Whether the organization's money is real. */
  async isLive(organizationId: string): Promise<boolean> {
    const known = this.#live.get(organizationId);
    if (known !== undefined) return known;
    const [organization] = await inTransaction(
      this.db,
      organizationId,
      (tx) =>
        tx.sql<{ mode: string }[]>`select mode from known_organizations where organization_id = ${organizationId}`,
    );
    const live = organization?.mode === 'live';
    if (organization) this.#live.set(organizationId, live);
    return live;
  }

  async onModuleDestroy(): Promise<void> {
    for (const { line } of this.#accounts.values()) line.close();
    await this.#sandbox?.close();
  }

  #stripeIn({
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecrets = [],
    STRIPE_API_URL: url,
    STRIPE_FLEXIBLE_CARDS: flexible,
    STRIPE_ORGANIZATION: owner,
  }: PaymentsConfig): StripeProvider | undefined {
    if (!secretKey) return undefined;
    return new StripeProvider({
      secretKey,
      webhookSecrets,
      url,
      flexible: flexible === 'on',
      accountOf: async (organizationId) => {
        if (organizationId === owner) return {};
        const account = await this.connected.of(organizationId, STRIPE);
        return account === null ? null : { stripeAccount: account };
      },
    });
  }

  #open(name: string, provider: PaymentProvider): void {
    const limits = {
      timeoutMs: this.config.PAYMENT_PROVIDER_TIMEOUT_MS,
      concurrency: this.config.PAYMENT_PROVIDER_CONCURRENCY,
    };
    const line = new ProviderLine(provider, limits, {
      took: (value) => this.#duration.observe({ labels: { provider: name }, value, exemplarLabels: exemplar() }),
    });
    this.#accounts.set(name, { name, provider, line });
  }
}

/** Tells operators which provider is being left alone, and how many guests wait for which. */
function measureLines(accounts: readonly ProviderAccount[], metrics: Registry): void {
  const gauge = (name: string, help: string, label: string, value: (line: ProviderLine) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [metrics],
      collect() {
        for (const { name: account, line } of accounts) this.set({ [label]: account }, value(line));
      },
    });
  gauge('circuit_breaker_open', 'Whether calls to another service are being held back.', 'to', ({ isOpen }) =>
    isOpen ? 1 : 0,
  );
  gauge(
    'payment_provider_in_flight',
    'How many payments wait for the provider.',
    'provider',
    ({ inFlight }) => inFlight,
  );
}
