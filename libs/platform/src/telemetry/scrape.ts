import { type Metric, Registry, type RegistryContentType } from 'prom-client';

/** What a scrape is answered with. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

/**
 * All that these registries measure, on one page: in OpenMetrics, with exemplars, for who accepts that, and as plain text
 * for everybody else.
 */
export async function scrape(registries: readonly Registry[], accept = ''): Promise<Scrape> {
  // prom-client writes one format a registry, and takes the ends off the names of counters when that is OpenMetrics: what
  // the registries say is written from a copy.
  const page: Registry<RegistryContentType> = new Registry();
  if (accept.includes(OPENMETRICS)) page.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const said = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
  for (const [first, ...others] of Map.groupBy(said.flat(), ({ name }) => name).values()) {
    if (!first) continue;
    const metric = {
      ...first,
      values: [first, ...others].flatMap(({ values }) => values),
      get: () => Promise.resolve(metric),
    };
    page.registerMetric(metric as unknown as Metric);
  }
  return { contentType: page.contentType, body: await page.metrics() };
}

const OPENMETRICS = 'application/openmetrics-text';
