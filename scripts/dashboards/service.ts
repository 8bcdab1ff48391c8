import type { Dashboard } from './panels.ts';

/** One service, or some: what is asked of it, how it answers, what it is short of. */
export const service: Dashboard = {
  name: 'service',
  title: 'service',
  byService: true,
  rows: [
    {
      title: 'Requests',
      panels: [
        {
          title: 'Requests',
          unit: 'reqps',
          queries: [
            [
              'sum by (service, http_response_status_class) (rate(http_server_requests_total{service=~"$service"}[$__rate_interval]))',
              '{{service}} {{http_response_status_class}}',
            ],
          ],
        },
        {
          title: 'Refusals by code',
          unit: 'reqps',
          queries: [
            [
              'topk(10, sum by (code) (rate(http_server_refusals_total{service=~"$service"}[$__rate_interval])))',
              '{{code}}',
            ],
          ],
        },
        {
          title: 'Turned away',
          unit: 'reqps',
          says: '503 because more was asked than can be answered; 429 because one caller asked too much.',
          queries: [
            [
              'sum by (reason, rank) (rate(http_server_requests_shed_total{service=~"$service"}[$__rate_interval]))',
              '{{reason}}: {{rank}}',
            ],
            [
              'sum by (by) (rate(rate_limited_requests_total{service=~"$service"}[$__rate_interval]))',
              'over the rate: {{by}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'How long they take',
      panels: [
        {
          title: 'Routes of the rush, 99 of 100 within',
          unit: 's',
          queries: [
            [
              'histogram_quantile(0.99, sum by (le, http_request_method, http_route) (rate(http_server_request_duration_seconds_bucket{service=~"$service"}[$__rate_interval])))',
              '{{http_request_method}} {{http_route}}',
            ],
          ],
        },
        {
          title: 'The slowest routes, on average',
          unit: 's',
          queries: [
            [
              'topk(10, sum by (http_request_method, http_route) (rate(http_server_request_seconds_total{service=~"$service"}[$__rate_interval])) / sum by (http_request_method, http_route) (rate(http_server_requests_total{service=~"$service"}[$__rate_interval])))',
              '{{http_request_method}} {{http_route}}',
            ],
          ],
        },
        {
          title: 'Under way',
          unit: 'none',
          queries: [
            ['sum by (service) (http_server_active_requests{service=~"$service"})', '{{service}}'],
            ['sum by (service) (http_server_throttle_places{service=~"$service"})', 'places in {{service}}'],
          ],
        },
      ],
    },
    {
      title: 'The database and the cache',
      panels: [
        {
          title: 'Connections in use',
          unit: 'percentunit',
          bad: 1,
          queries: [
            [
              'sum by (service, pool) (db_client_connections{service=~"$service",state="used"}) / sum by (service, pool) (db_client_connections_max{service=~"$service"})',
              '{{service}} {{pool}}',
            ],
          ],
        },
        {
          title: 'Requests that wait for a connection',
          unit: 'none',
          bad: 1,
          queries: [
            [
              'max by (service, pool) (db_client_connections{service=~"$service",state="waited_for"})',
              '{{service}} {{pool}}',
            ],
          ],
        },
        {
          title: 'Cache hits',
          unit: 'percentunit',
          queries: [
            [
              'sum by (service) (rate(cache_reads_total{service=~"$service",result="hit"}[$__rate_interval])) / sum by (service) (rate(cache_reads_total{service=~"$service"}[$__rate_interval]))',
              '{{service}}',
            ],
          ],
        },
        {
          title: 'Repeats that got their stored answer',
          unit: 'reqps',
          queries: [
            [
              'sum by (service) (rate(idempotency_replays_total{service=~"$service"}[$__rate_interval]))',
              '{{service}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'The process (of the platform in one process there is one, called comanda)',
      panels: [
        {
          title: 'Processor',
          unit: 'none',
          says: 'Of one process at most a little more than 1.',
          queries: [
            [
              'rate(process_cpu_seconds_total{service=~"$service|comanda"}[$__rate_interval])',
              '{{service}} {{instance}}',
            ],
          ],
        },
        {
          title: 'Event loop, 99 of 100 turns late by less than',
          unit: 's',
          bad: 0.5,
          queries: [['nodejs_eventloop_lag_p99_seconds{service=~"$service|comanda"}', '{{service}} {{instance}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [['process_resident_memory_bytes{service=~"$service|comanda"}', '{{service}} {{instance}}']],
        },
        {
          title: 'Garbage collection',
          unit: 'percentunit',
          queries: [
            [
              'sum by (service, instance) (rate(nodejs_gc_duration_seconds_sum{service=~"$service|comanda"}[$__rate_interval]))',
              '{{service}} {{instance}}',
            ],
          ],
        },
      ],
    },
  ],
};
