import { Counter, Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { tracedHistogram } from './exemplar.js';
import { scrape } from './scrape.js';

/** What a kitchen and a bar measure: both have orders, only one has an oven. */
function house(): Registry[] {
  return ['kitchen', 'bar'].map((service) => {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    const registers = [registry];
    new Counter({ name: 'orders_total', help: 'Orders.', labelNames: ['by'], registers }).inc({ by: 'guest' }, 3);
    const waited = tracedHistogram(registry, { name: 'wait_seconds', help: 'Waiting.', buckets: [1] });
    waited.observe({ value: 0.5, exemplarLabels: { trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' } });
    if (service === 'kitchen') new Gauge({ name: 'oven_celsius', help: 'Hot.', registers }).set(300);
    return registry;
  });
}

const PLAIN = `# HELP orders_total Orders.
# TYPE orders_total counter
orders_total{by="guest",service="kitchen"} 3
orders_total{by="guest",service="bar"} 3

# HELP wait_seconds Waiting.
# TYPE wait_seconds histogram
wait_seconds_bucket{le="1",service="kitchen"} 1
wait_seconds_bucket{le="+Inf",service="kitchen"} 1
wait_seconds_sum{service="kitchen"} 0.5
wait_seconds_count{service="kitchen"} 1
wait_seconds_bucket{le="1",service="bar"} 1
wait_seconds_bucket{le="+Inf",service="bar"} 1
wait_seconds_sum{service="bar"} 0.5
wait_seconds_count{service="bar"} 1

# HELP oven_celsius Hot.
# TYPE oven_celsius gauge
oven_celsius{service="kitchen"} 300
`;
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

test('a page has each metric once, with the series of all, in the plain format for who asks for nothing else', async () => {
  for (const accept of [undefined, '*/*', 'text/plain;version=0.0.4'])
    expect(await scrape(house(), accept)).toEqual({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: PLAIN,
    });
});

test('who takes OpenMetrics, as Prometheus does, gets traces as examples, and a page that says where it ends', async () => {
  const { contentType, body } = await scrape(house(), PROMETHEUS);
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(body).toContain('# TYPE orders counter\norders_total{by="guest",service="kitchen"} 3\n');
  expect(body).toMatch(
    /^wait_seconds_bucket\{le="1",service="bar"\} 1 # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"\} 0\.5 \d+(\.\d+)?$/m,
  );
  expect(body.endsWith('\n# EOF\n')).toBe(true);
});

test('who asks in one format leaves the other as it was', async () => {
  const registries = house();
  await scrape(registries, PROMETHEUS);
  expect((await scrape(registries)).body).toBe(PLAIN);
});
