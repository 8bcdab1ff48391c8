/** Something a caller would take, and how gladly: 1 is most, 0 not at all. */
export interface Preference {
  /** In lower case: `text/csv`, `zh-cn`, `*`. */
  readonly value: string;
  readonly quality: number;
}

/**
 * What a header such as `Accept` or `Accept-Language` asks for, the dearest first and in its order where two are as dear
 * (RFC 9110, 12.4.2). What cannot be read counts as not said.
 */
export function preferencesIn(header: string | undefined): Preference[] {
  return (header ?? '')
    .split(',')
    .flatMap((part): Preference[] => {
      const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const said = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      const quality = said === undefined ? 1 : Number(said);
      return value !== '' && quality >= 0 && quality <= 1 ? [{ value, quality }] : [];
    })
    .toSorted((one, other) => other.quality - one.quality);
}
