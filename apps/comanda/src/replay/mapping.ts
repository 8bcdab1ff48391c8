import { z } from 'zod';
import { CommandFailure } from '../cli/failure.js';
import { isDamaged, markedEncoding } from './decoding.js';
import { formatTrouble } from './local-time.js';

const Name = z.string().trim().min(1).max(200);

const Columns = z
  .strictObject({
    order: Name,
    /** One column, or `date` and `time`. */
    dateTime: Name,
    date: Name,
    time: Name,
    item: Name,
    variation: Name,
    category: Name,
    quantity: Name,
    price: Name,
  })
  .partial();

/** How a till's export says what it says: which column is what, and how dates and numbers are written. */
const Mapping = z.strictObject({
  columns: Columns.default({}),
  /** Tokens of Unicode's date formats: `dd/MM/yy HH:mm`, `M/d/yyyy h:mm a`. */
  dateTimeFormat: z.string().optional(),
  dateFormat: z.string().optional(),
  timeFormat: z.string().optional(),
  /** Language of month names. */
  locale: z.string().default('en'),
  delimiter: z
    .string()
    .regex(/^(\t|[^\p{L}\p{N}\s"\\]){1,4}$/u, 'must be what separates cells, such as "," or ";" or "\\t" for a tab')
    .default(','),
  decimal: z.enum(['.', ',']).default('.'),
  encoding: z.string().default('utf-8'),
});

/** A mapping, whole: every column's name is known, and how each says when. */
export interface CompleteMapping {
  readonly columns: {
    readonly order: string;
    readonly item: string;
    readonly price: string;
    readonly variation: string | undefined;
    readonly category: string | undefined;
    readonly quantity: string | undefined;
  };
  /** Columns that need not be there: nobody named them, they were assumed. */
  readonly assumed: ReadonlySet<string>;
  /** One column or two that say when, and the format of each. */
  readonly when: readonly [TimeColumn, ...TimeColumn[]];
  readonly locale: string;
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly encoding: string;
}

interface TimeColumn {
  readonly column: string;
  readonly format: string;
}

/**
 * Reads a mapping file: JSON, in UTF-8 unless a byte order mark says otherwise.
 * @throws CommandFailure naming what is wrong
 */
export function mappingIn(bytes: Uint8Array, file: string): CompleteMapping {
  const encoding = markedEncoding(bytes) ?? 'utf-8';
  if (isDamaged(bytes, encoding)) throw new CommandFailure(`${file} is not in ${encoding}: save it as UTF-8.`);
  return readMapping(new TextDecoder(encoding).decode(bytes), file);
}

/**
 * Completes a mapping with the columns of the bundled history: `id,date,time,name,size,type,price[,quantity]`.
 * @throws CommandFailure naming what is wrong
 */
export function readMapping(text: string | undefined, file = 'mapping'): CompleteMapping {
  const read = Mapping.safeParse(text === undefined ? {} : json(text, file));
  if (!read.success)
    throw new CommandFailure(
      `${file}: ${read.error.issues.map(({ path, message }) => `${path.join('.') || 'mapping'}: ${message}`).join('; ')}`,
    );
  const { columns: named, locale, delimiter, decimal, encoding } = read.data;
  if (!isEncoding(encoding))
    throw new CommandFailure(
      `${file}: encoding: there is no encoding "${encoding}"; common ones are utf-8 and windows-1252`,
    );
  const when = whenOf(read.data, file);
  const trouble = formatTrouble({ format: when.map(({ format }) => format).join(' '), locale });
  if (trouble !== undefined) throw new CommandFailure(`${file}: ${trouble}`);
  // An export that names its own columns has those and no others; only quantities are called that everywhere.
  const namesNone = Object.keys(named).length === 0;
  const assumed = { quantity: 'quantity', ...(namesNone && { variation: 'size', category: 'type' }) };
  const { order = 'id', item = 'name', price = 'price', variation, category, quantity } = { ...assumed, ...named };
  return {
    columns: { order, item, price, variation, category, quantity },
    assumed: new Set(Object.entries(assumed).flatMap(([what, column]) => (what in named ? [] : [column]))),
    when,
    locale,
    delimiter,
    decimal,
    encoding,
  };
}

function whenOf(
  { columns, dateTimeFormat, dateFormat, timeFormat }: z.output<typeof Mapping>,
  file: string,
): CompleteMapping['when'] {
  if (columns.dateTime === undefined) {
    if (dateTimeFormat !== undefined)
      throw new CommandFailure(`${file}: dateTimeFormat: is the format of the column dateTime, which is not named`);
    return [
      { column: columns.date ?? 'date', format: dateFormat ?? 'yyyy-MM-dd' },
      { column: columns.time ?? 'time', format: timeFormat ?? 'HH:mm:ss' },
    ];
  }
  if (dateTimeFormat === undefined)
    throw new CommandFailure(`${file}: dateTimeFormat: must be given with the column dateTime`);
  if ([columns.date, columns.time, dateFormat, timeFormat].some((given) => given !== undefined))
    throw new CommandFailure(`${file}: columns: name either dateTime, or date and time`);
  return [{ column: columns.dateTime, format: dateTimeFormat }];
}

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CommandFailure(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding.length > 0;
  } catch {
    return false;
  }
}
