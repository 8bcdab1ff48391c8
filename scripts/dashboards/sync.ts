import type { Dashboard } from './panels.ts';

/** How soon stock, points, menus and other systems know what was sold. */
export const sync: Dashboard = {
  name: 'sync',
  title: 'stock and loyalty sync',
  rows: [
    {
      title: 'The promise: 99 of 100 effects within two seconds',
      panels: [
        {
          title: 'Effects in time',
          unit: 'percentunit',
          queries: [
            [
              '1 - avg_over_time(slo:bad:rate5m{slo="events"}[1h]) / avg_over_time(slo:total:rate5m{slo="events"}[1h])',
              '{{service}}',
            ],
          ],
        },
        {
          title: 'Burn rate of an hour',
          unit: 'none',
          bad: 14.4,
          queries: [['slo:burn:1h{slo="events"}', '{{service}}']],
        },
      ],
    },
    {
      title: 'Stock',
      panels: [
        {
          title: 'From a sale to the shelf, 99 of 100 within',
          unit: 's',
          bad: 2,
          queries: [
            [
              'histogram_quantile(0.99, sum by (le, topic) (rate(event_lag_seconds_bucket{service="inventory"}[$__rate_interval])))',
              '{{topic}}',
            ],
          ],
        },
        {
          title: 'Records that wait',
          unit: 'none',
          queries: [['max by (topic) (consumer_lag_records{service="inventory"})', '{{topic}}']],
        },
        {
          title: 'Ran out in an hour',
          unit: 'none',
          queries: [['sum(increase(stock_outs_total[1h]))', 'stock items']],
        },
        {
          title: 'From the shelf to the menu, 99 of 100 within',
          unit: 's',
          bad: 2,
          queries: [
            [
              'histogram_quantile(0.99, sum by (le) (rate(event_lag_seconds_bucket{service=~"catalog|orders",topic=~"comanda.(inventory|catalog).v1"}[$__rate_interval])))',
              'sold out',
            ],
          ],
        },
      ],
    },
    {
      title: 'Guests',
      panels: [
        {
          title: 'From a sale to the points, 99 of 100 within',
          unit: 's',
          bad: 2,
          queries: [
            [
              'histogram_quantile(0.99, sum by (le, topic) (rate(event_lag_seconds_bucket{service="loyalty"}[$__rate_interval])))',
              '{{topic}}',
            ],
          ],
        },
        {
          title: 'Records that wait',
          unit: 'none',
          queries: [['max by (topic) (consumer_lag_records{service="loyalty"})', '{{topic}}']],
        },
        {
          title: 'Points moved',
          unit: 'cps',
          queries: [['sum by (kind) (rate(loyalty_points_total[$__rate_interval]))', '{{kind}}']],
        },
      ],
    },
    {
      title: 'Other systems',
      panels: [
        {
          title: 'Webhooks, 95 of 100 within',
          unit: 's',
          bad: 2,
          queries: [['webhook_delay_seconds:p95_10m', 'delivered']],
        },
        {
          title: 'Attempts',
          unit: 'cps',
          queries: [['sum by (outcome) (rate(webhook_attempts_total[$__rate_interval]))', '{{outcome}}']],
        },
        {
          title: 'Oldest that nobody takes',
          unit: 's',
          bad: 60,
          queries: [['max(webhook_oldest_due_seconds)', 'due']],
        },
        { title: 'Kitchen screens that follow', unit: 'none', queries: [['sum(orders_feed_followers)', 'followers']] },
      ],
    },
  ],
};
