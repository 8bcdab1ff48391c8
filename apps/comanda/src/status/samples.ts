import type { Registry } from 'prom-client';

/** What the registries of the platform say at a moment: the same as `/metrics`. */
export class Samples {
  readonly #byName: ReadonlyMap<string, readonly Sample[]>;

  private constructor(samples: readonly Sample[]) {
    this.#byName = Map.groupBy(samples, ({ name }) => name);
  }

  static async of(registries: readonly Pick<Registry, 'getMetricsAsJSON'>[]): Promise<Samples> {
    const metrics = (await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()))).flat();
    return new Samples(
      metrics.flatMap(({ name, values }) =>
        (values as readonly Value[]).map(({ metricName, value, labels }) => ({
          name: metricName ?? name,
          value,
          labels,
        })),
      ),
    );
  }

  /** Every sample of a name that has these labels. */
  all(name: string, labels: Labels = {}): readonly Sample[] {
    const wanted = Object.entries(labels);
    return (this.#byName.get(name) ?? []).filter((sample) =>
      wanted.every(([label, value]) => String(sample.labels[label]) === value),
    );
  }

  /** Zero where there is none. */
  sum(name: string, labels?: Labels): number {
    return this.all(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  /** Zero where there is none. */
  max(name: string, labels?: Labels): number {
    return this.all(name, labels).reduce((most, { value }) => Math.max(most, value), 0);
  }
}

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
}

/** As prom-client has it: a histogram's say which of its series they are of. */
interface Value {
  readonly metricName?: string;
  readonly value: number;
  readonly labels: Sample['labels'];
}
