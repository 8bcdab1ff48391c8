import type { Dashboard } from './panels.ts';

/** The way of an event: from the outbox of who tells it, by the log, to the effect at who hears it. */
export const events: Dashboard = {
  name: 'events',
  title: 'Kafka and outbox',
  byService: true,
  rows: [
    {
      title: 'Out of the outbox (who tells)',
      panels: [
        {
          title: 'Events that wait for the log',
          unit: 'none',
          queries: [['max by (service) (outbox_unpublished{service=~"$service"})', '{{service}}']],
        },
        {
          title: 'How long the oldest has',
          unit: 's',
          bad: 60,
          queries: [['max by (service) (outbox_oldest_seconds{service=~"$service"})', '{{service}}']],
        },
        {
          title: 'Published',
          unit: 'cps',
          queries: [
            ['sum by (service) (rate(outbox_published_total{service=~"$service"}[$__rate_interval]))', '{{service}}'],
          ],
        },
        {
          title: 'Relays that lead',
          unit: 'none',
          says: 'One for each service. None: nothing goes out.',
          queries: [['sum by (service) (outbox_relay_leads{service=~"$service"})', '{{service}}']],
        },
      ],
    },
    {
      title: 'From the log (who hears)',
      panels: [
        {
          title: 'Records that wait, by topic',
          unit: 'none',
          queries: [['max by (service, topic) (consumer_lag_records{service=~"$service"})', '{{service}} ← {{topic}}']],
        },
        {
          title: 'Taken',
          unit: 'cps',
          queries: [
            [
              'sum by (service, topic) (rate(events_taken_total{service=~"$service"}[$__rate_interval]))',
              '{{service}} ← {{topic}}',
            ],
          ],
        },
        {
          title: 'At this pace it catches up in',
          unit: 's',
          bad: 120,
          queries: [
            [
              'max by (service, topic) (consumer_lag_records{service=~"$service"}) / sum by (service, topic) (rate(events_taken_total{service=~"$service"}[5m]))',
              '{{service}} ← {{topic}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Effects',
      panels: [
        {
          title: 'From an event to its effect, half within',
          unit: 's',
          queries: [
            [
              'histogram_quantile(0.5, sum by (le, service) (rate(event_lag_seconds_bucket{service=~"$service"}[$__rate_interval])))',
              '{{service}}',
            ],
          ],
        },
        {
          title: 'From an event to its effect, 99 of 100 within',
          unit: 's',
          bad: 2,
          queries: [
            [
              'histogram_quantile(0.99, sum by (le, service) (rate(event_lag_seconds_bucket{service=~"$service"}[$__rate_interval])))',
              '{{service}}',
            ],
          ],
        },
        {
          title: 'The transaction of a slice, 95 of 100 within',
          unit: 's',
          queries: [
            [
              'histogram_quantile(0.95, sum by (le, service) (rate(messaging_process_duration_seconds_bucket{service=~"$service"}[$__rate_interval])))',
              '{{service}}',
            ],
          ],
        },
        {
          title: 'Effects by event',
          unit: 'cps',
          queries: [
            ['topk(12, sum by (type) (rate(events_handled_total{service=~"$service"}[$__rate_interval])))', '{{type}}'],
          ],
        },
      ],
    },
    {
      title: 'What goes wrong',
      panels: [
        {
          title: 'Tries that failed',
          unit: 'cps',
          says: 'Through the infrastructure: tried until it works. Through the event: five times, then it is put aside.',
          queries: [
            [
              'sum by (service, reason) (rate(events_failed_total{service=~"$service"}[$__rate_interval]))',
              '{{service}}: {{reason}}',
            ],
          ],
        },
        {
          title: 'Put aside',
          unit: 'none',
          queries: [
            [
              'sum by (service, type) (increase(events_parked_total{service=~"$service"}[1h]))',
              '{{service}}: {{type}}',
            ],
          ],
        },
        {
          title: 'Dead letters that wait',
          unit: 'none',
          bad: 1,
          queries: [['max by (service, topic) (dead_letters_waiting{service=~"$service"})', '{{service}} ← {{topic}}']],
        },
      ],
    },
  ],
};
