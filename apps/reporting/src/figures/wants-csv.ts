import { preferencesIn } from '@comanda/platform';

/** Whether an `Accept` header would rather have CSV than JSON (RFC 9110, 12.5.1); JSON where it does not matter. */
export function wantsCsv(accept: string | undefined): boolean {
  const wanted = new Map(preferencesIn(accept).map(({ value, quality }) => [value, quality]));
  const qualityOf = (...types: string[]): number => wanted.get(types.find((type) => wanted.has(type)) ?? '') ?? 0;
  return qualityOf('text/csv', 'text/*', '*/*') > qualityOf('application/json', 'application/*', '*/*');
}
