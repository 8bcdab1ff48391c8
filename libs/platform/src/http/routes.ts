import type { Endpoint } from '@comanda/contracts';

export const ROUTES = Symbol('routes');

/** An endpoint's path as the server writes it, with a colon before each parameter. */
export const routeOf = ({ path }: Pick<Endpoint, 'path'>): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** The routes a server knows, to tell an unknown path (404) from an unknown method on a known path (405). */
export class Routes {
  readonly #patterns = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  add(method: string, path: string): void {
    const known = this.#patterns.get(path) ?? { pattern: patternOf(path), methods: new Set() };
    known.methods.add(method);
    this.#patterns.set(path, known);
  }

  /** The methods that a URL's path takes, in alphabetical order; none for an unknown path. */
  methodsOf(url: string): string[] {
    const path = pathOf(url);
    const exact = this.#patterns.get(path);
    if (exact) return [...exact.methods].sort();
    const methods = [...this.#patterns.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((known) => [...known.methods]);
    return [...new Set(methods)].sort();
  }

  /** True when the path is one that is described, and only a parameter of another's would let this method in: `PATCH /v1/orders/quote`. */
  isMistaken(method: string, url: string, matched: string | undefined): boolean {
    if (!matched?.includes(':')) return false;
    const exact = this.#patterns.get(pathOf(url));
    return exact !== undefined && !exact.methods.has(method);
  }

  /** Every route as `METHOD /path/:parameter`. */
  all(): string[] {
    return [...this.#patterns]
      .flatMap(([path, { methods }]) => [...methods].map((method) => `${method} ${path}`))
      .sort();
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split('/')
      .map((step) => (step.startsWith(':') ? '[^/]+' : RegExp.escape(step)))
      .join('/')}/?$`,
  );
