import type { Menu, Tax } from '@comanda/contracts';
import { byPosition, type Drafted, type Report } from './draft.js';

/** Which taxes what is sold at a location bears, always in the order in which they are taken. */
export class TaxLaw {
  readonly #known: ReadonlySet<string>;
  readonly #here: readonly Drafted<Tax>[];
  readonly #byDefault: readonly string[];

  constructor(
    taxes: readonly Drafted<Tax>[],
    locationId: string,
    private readonly report: Report,
  ) {
    this.#known = new Set(taxes.map(({ id }) => id));
    this.#here = taxes
      .filter(({ locationIds }) => locationIds === null || locationIds.includes(locationId))
      .toSorted(byPosition);
    this.#byDefault = this.#here.filter(({ byDefault }) => byDefault).map(({ id }) => id);
  }

  /**
   * The taxes of something with this list of its own; null has the default ones. A list made for other places alone
   * would leave it untaxed by mistake, so that is reported.
   */
  of(own: readonly string[] | null, path: readonly string[], label: string): string[] {
    if (own === null) return [...this.#byDefault];
    for (const id of own)
      if (!this.#known.has(id)) this.report([...path, 'taxIds'], `${label} bears a tax that does not exist.`);
    const borne = this.#here.filter(({ id }) => own.includes(id)).map(({ id }) => id);
    if (own.length > 0 && borne.length === 0 && this.#here.length > 0)
      this.report([...path, 'taxIds'], `None of the taxes of ${label} applies here.`);
    return borne;
  }

  /** The taxes that anything of these bears. */
  borneBy(bearers: readonly { readonly taxIds: readonly string[] | null }[]): Menu['taxes'] {
    const borne = new Set(bearers.flatMap(({ taxIds }) => taxIds ?? []));
    return this.#here
      .filter(({ id }) => borne.has(id))
      .map(({ id, name, rate, inclusive, compounds, joinsBase, serviceTypes }) => ({
        id,
        name,
        rate,
        inclusive,
        compounds,
        joinsBase,
        serviceTypes,
      }));
  }
}
