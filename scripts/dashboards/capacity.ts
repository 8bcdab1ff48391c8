import type { Dashboard } from './panels.ts';

/** Of our processes: others that Prometheus watches export metrics of the same names. */
const OURS = '* on (job, instance) group_left () comanda_build_info';

/** What it takes to serve, what is left, and what an order costs. */
export const capacity: Dashboard = {
  name: 'capacity',
  title: 'capacity and cost',
  rows: [
    {
      title: 'What an order costs',
      panels: [
        {
          title: 'Processor seconds for 1,000 orders',
          unit: 's',
          says: 'All processes together, over an hour. Databases and brokers come on top.',
          queries: [
            [
              `1000 * sum(increase(process_cpu_seconds_total[1h]) ${OURS}) / sum(increase(orders_placed_total[1h]))`,
              'all services',
            ],
            [
              `1000 * sum by (service) (increase(process_cpu_seconds_total[1h]) ${OURS}) / on () group_left () sum(increase(orders_placed_total[1h]))`,
              '{{service}}',
            ],
          ],
        },
        {
          title: 'Events for one order',
          unit: 'none',
          queries: [
            ['sum(increase(outbox_published_total[1h])) / sum(increase(orders_placed_total[1h]))', 'published'],
            ['sum(increase(events_handled_total[1h])) / sum(increase(orders_placed_total[1h]))', 'effects'],
          ],
        },
        {
          title: 'Orders for one process and second',
          unit: 'reqps',
          queries: [
            [
              'sum(rate(orders_placed_total[5m])) / count(group by (instance) (outbox_unpublished{service="orders"}))',
              'orders',
            ],
          ],
        },
      ],
    },
    {
      title: 'What is left',
      panels: [
        {
          title: 'Event loop in use',
          unit: 'percentunit',
          bad: 0.9,
          says: 'Of the time of a process. Near 1 it can do no more: another process is needed.',
          queries: [
            [
              'sum by (service, instance) (rate(nodejs_eventloop_time_seconds_total{nodejs_eventloop_state="active"}[5m])) / sum by (service, instance) (rate(nodejs_eventloop_time_seconds_total[5m]))',
              '{{service}} {{instance}}',
            ],
          ],
        },
        {
          title: 'Connections in use',
          unit: 'percentunit',
          bad: 0.9,
          queries: [
            [
              'max by (service, pool) (db_client_connections{state="used"} / ignoring (state) db_client_connections_max)',
              '{{service}} {{pool}}',
            ],
          ],
        },
        {
          title: 'Turned away',
          unit: 'reqps',
          queries: [
            ['sum by (service, reason) (rate(http_server_requests_shed_total[5m]))', '{{service}}: {{reason}}'],
          ],
        },
        {
          title: 'Open files in use',
          unit: 'percentunit',
          bad: 0.9,
          queries: [[`max by (service) (process_open_fds / process_max_fds ${OURS})`, '{{service}}']],
        },
      ],
    },
    {
      title: 'What it runs on',
      panels: [
        { title: 'Processes', unit: 'none', queries: [['count by (service) (outbox_unpublished)', '{{service}}']] },
        {
          title: 'Processor',
          unit: 'none',
          queries: [[`sum by (service) (rate(process_cpu_seconds_total[5m]) ${OURS})`, '{{service}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [[`sum by (service) (process_resident_memory_bytes ${OURS})`, '{{service}}']],
        },
        {
          title: 'Heap',
          unit: 'bytes',
          queries: [
            ['sum by (service) (nodejs_heap_size_used_bytes)', '{{service}} used'],
            ['sum by (service) (nodejs_heap_size_total_bytes)', '{{service}} taken'],
          ],
        },
      ],
    },
    {
      title: 'A week',
      panels: [
        {
          title: 'Orders',
          unit: 'reqps',
          queries: [
            ['sum(rate(orders_placed_total[1h]))', 'now'],
            ['sum(rate(orders_placed_total[1h] offset 1w))', 'a week ago'],
          ],
        },
        {
          title: 'The busiest five minutes of a day',
          unit: 'reqps',
          queries: [['max_over_time(sum(rate(orders_placed_total[5m]))[1d:5m])', 'orders']],
        },
      ],
    },
  ],
};
