import type { Dashboard } from './panels.ts';

/** The line to the payment provider, and the money. */
export const payments: Dashboard = {
  name: 'payments',
  title: 'payments',
  rows: [
    {
      title: 'Guests who pay by card',
      panels: [
        {
          title: 'What was asked, and how it ended',
          unit: 'reqps',
          queries: [
            ['sum by (kind, outcome) (rate(payment_attempts_total[$__rate_interval]))', '{{kind}}: {{outcome}}'],
          ],
        },
        {
          title: 'Declined',
          unit: 'percentunit',
          says: 'Beside three times what a week had: above it somebody is woken.',
          queries: [
            ['payment:declined:rate15m / payment:asked:rate15m', 'of fifteen minutes'],
            [
              '3 * avg_over_time(payment:declined:rate15m[1w]) / avg_over_time(payment:asked:rate15m[1w])',
              'three times the week',
            ],
          ],
        },
        {
          title: 'Taking a payment',
          unit: 's',
          queries: [
            [
              'histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket{http_request_method="POST",http_route="/v1/payments"}[$__rate_interval])))',
              'half within',
            ],
            [
              'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{http_request_method="POST",http_route="/v1/payments"}[$__rate_interval])))',
              '99 of 100 within',
            ],
          ],
        },
      ],
    },
    {
      title: 'The provider',
      panels: [
        {
          title: 'Its answers, 95 of 100 within',
          unit: 's',
          bad: 10,
          queries: [
            [
              'histogram_quantile(0.95, sum by (le, provider) (rate(payment_provider_duration_seconds_bucket[$__rate_interval])))',
              '{{provider}}',
            ],
          ],
        },
        {
          title: 'Payments that wait for it',
          unit: 'none',
          queries: [['sum by (provider) (payment_provider_in_flight)', '{{provider}}']],
        },
        {
          title: 'Calls held back',
          unit: 'none',
          bad: 1,
          queries: [['max by (to) (circuit_breaker_open{service="payments"})', '{{to}}']],
        },
      ],
    },
    {
      title: 'Unknown',
      panels: [
        { title: 'Payments whose outcome is unknown', unit: 'none', queries: [['max(payment_attempts_open)', 'open']] },
        {
          title: 'The oldest of them',
          unit: 's',
          bad: 300,
          queries: [['max(payment_attempts_oldest_open_seconds)', 'age']],
        },
        {
          title: 'Until they were known, 95 of 100 within',
          unit: 's',
          bad: 60,
          queries: [
            ['histogram_quantile(0.95, sum by (le) (rate(payment_unknown_resolved_seconds_bucket[1h])))', 'resolved'],
          ],
        },
      ],
    },
    {
      title: 'The ledger',
      panels: [
        {
          title: 'Transactions',
          unit: 'cps',
          queries: [['sum by (kind) (rate(ledger_transactions_total[$__rate_interval]))', '{{kind}}']],
        },
        {
          title: 'Earned by the platform in an hour, in cents',
          unit: 'none',
          queries: [
            [
              'sum by (currency) (increase(ledger_posted_minor_units_total{account="platform_fee",side="credit"}[1h])) - (sum by (currency) (increase(ledger_posted_minor_units_total{account="platform_fee",side="debit"}[1h])) or sum by (currency) (ledger_posted_minor_units_total) * 0)',
              '{{currency}}',
            ],
          ],
        },
        {
          title: 'Given back in an hour',
          unit: 'none',
          queries: [['sum by (kind) (increase(ledger_transactions_total{kind!="capture"}[1h]))', '{{kind}}']],
        },
        {
          title: 'Transactions that do not sum to zero',
          unit: 'none',
          stat: true,
          bad: 1,
          queries: [['max(ledger_unbalanced_transactions)', '']],
        },
      ],
    },
  ],
};
