import type { Dashboard } from './panels.ts';

/** Whether guests are served, at a glance; and how much may still go wrong this month. */
export const overview: Dashboard = {
  name: 'overview',
  title: 'overview',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Alerts',
          unit: 'none',
          stat: true,
          bad: 1,
          queries: [['count(ALERTS{alertstate="firing",severity=~"page|ticket"}) or vector(0)', 'firing']],
        },
        { title: 'Orders', unit: 'reqps', stat: true, queries: [['sum(rate(orders_placed_total[5m]))', 'accepted']] },
        {
          title: 'Payments',
          unit: 'reqps',
          stat: true,
          queries: [
            [
              'sum(rate(payment_attempts_total{kind=~"charge|authorize",outcome="approved"}[5m]))',
              'approved by providers',
            ],
          ],
        },
        {
          title: 'Oldest event in an outbox',
          unit: 's',
          stat: true,
          bad: 60,
          queries: [['max(outbox_oldest_seconds)', '']],
        },
        {
          title: 'Oldest unknown payment',
          unit: 's',
          stat: true,
          bad: 300,
          queries: [['max(payment_attempts_oldest_open_seconds)', '']],
        },
        {
          title: 'Dead letters',
          unit: 'none',
          stat: true,
          bad: 1,
          queries: [['sum(max by (service, topic) (dead_letters_waiting))', '']],
        },
      ],
    },
    {
      title: 'Objectives',
      panels: [
        {
          title: 'Error budget left of thirty days',
          unit: 'percentunit',
          says: 'At zero, as much went wrong in thirty days as may.',
          queries: [
            [
              '1 - avg_over_time(slo:bad:rate5m[30d]) / avg_over_time(slo:total:rate5m[30d]) / on (slo) group_left () slo:budget:ratio',
              '{{slo}} {{service}}',
            ],
          ],
        },
        {
          title: 'Burn rate of an hour',
          unit: 'none',
          says: 'How many times as fast as it may the budget is spent. Above 14.4 somebody is woken.',
          bad: 14.4,
          queries: [['slo:burn:1h', '{{slo}} {{service}}']],
        },
        {
          title: 'Burn rate of a day',
          unit: 'none',
          says: 'Above 3 there is a ticket.',
          bad: 3,
          queries: [['slo:burn:1d', '{{slo}} {{service}}']],
        },
      ],
    },
    {
      title: 'Guests',
      panels: [
        {
          title: 'Orders by channel',
          unit: 'reqps',
          queries: [['sum by (channel) (rate(orders_placed_total[5m]))', '{{channel}}']],
        },
        {
          title: 'Placing an order',
          unit: 's',
          bad: 0.3,
          queries: [
            [
              'histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket{http_request_method="POST",http_route="/v1/orders"}[5m])))',
              'half within',
            ],
            [
              'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{http_request_method="POST",http_route="/v1/orders"}[5m])))',
              '99 of 100 within',
            ],
          ],
        },
        {
          title: 'Answered with 5xx',
          unit: 'percentunit',
          queries: [
            [
              'sum by (service) (rate(http_server_requests_total{http_response_status_class="5xx"}[5m])) / sum by (service) (rate(http_server_requests_total[5m]))',
              '{{service}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'One truth',
      panels: [
        {
          title: 'From an event to its effect, 99 of 100 within',
          unit: 's',
          bad: 2,
          queries: [
            ['histogram_quantile(0.99, sum by (le, service) (rate(event_lag_seconds_bucket[5m])))', '{{service}}'],
          ],
        },
        {
          title: 'Events that wait for a consumer',
          unit: 'none',
          queries: [['sum by (service) (max by (service, topic) (consumer_lag_records))', '{{service}}']],
        },
        { title: 'What runs', unit: 'none', queries: [['count by (version) (comanda_build_info)', '{{version}}']] },
      ],
    },
  ],
};
