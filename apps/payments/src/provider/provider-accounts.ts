import { CONFIG, inTransaction, METRICS, Refusal } from '@comanda/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { PaymentsConfig } from '../payments.config.js';
import type { PaymentProvider } from './payment-provider.js';
import { ProviderLine } from './provider-line.js';
import { SandboxProvider } from './sandbox-provider.js';

/** An account at a provider: by its name payments remember where their money is. */
export interface ProviderAccount {
  readonly name: string;
  readonly provider: PaymentProvider;
  readonly line: ProviderLine;
}

/** Where test organizations are paid. */
const SANDBOX = 'sandbox';

/** Which provider a payment goes through. */
@Injectable()
export class ProviderAccounts implements OnModuleDestroy {
  readonly #accounts = new Map<string, ProviderAccount>();
  /** Fixed when an organization is founded. */
  readonly #live = new Map<string, boolean>();
  readonly #sandbox: SandboxProvider | undefined;

  constructor(
    private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: PaymentsConfig,
    @Inject(METRICS) metrics: Registry,
  ) {
    const { SANDBOX_PSP_URL: url, SANDBOX_PSP_KEY: key = '', SANDBOX_PSP_WEBHOOK_SECRET: webhookSecret = '' } = config;
    if (url) this.#sandbox = new SandboxProvider({ url, key, webhookSecret });
    if (this.#sandbox) this.#open(SANDBOX, this.#sandbox);
    measureLines([...this.#accounts.values()], metrics);
  }

  /**
   * The account that takes new payments.
   * @throws Refusal `provider_unavailable` where there is none
   */
  forNewPayments(): ProviderAccount {
    return this.named(SANDBOX);
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

  #open(name: string, provider: PaymentProvider): void {
    const line = new ProviderLine(provider, {
      timeoutMs: this.config.PAYMENT_PROVIDER_TIMEOUT_MS,
      concurrency: this.config.PAYMENT_PROVIDER_CONCURRENCY,
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
