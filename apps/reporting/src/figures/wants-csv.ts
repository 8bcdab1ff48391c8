/** Whether an `Accept` header would rather have CSV than JSON (RFC 9110, 12.5.1); JSON where it does not matter. */
export function wantsCsv(accept: string | undefined): boolean {
  const wanted = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) };
  });
  const qualityOf = (...types: string[]): number => {
    const range = types.map((type) => wanted.find((each) => each.type === type)).find((found) => found !== undefined);
    return range?.quality ?? 0;
  };
  return qualityOf('text/csv', 'text/*', '*/*') > qualityOf('application/json', 'application/*', '*/*');
}
