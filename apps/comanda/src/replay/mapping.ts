import { z } from 'zod';
import { CommandFailure } from '../cli/failure.js';

const Columns = z
  .strictObject({
    order: z.string(),
    /** One column, or `date` and `time`. */
    dateTime: z.string(),
    date: z.string(),
    time: z.string(),
    item: z.string(),
    variation: z.string(),
    category: z.string(),
    quantity: z.string(),
    price: z.string(),
  })
  .partial();

/** How a till's export says what it says: which column is what, and how dates and numbers are written. */
export const Mapping = z.strictObject({
  columns: Columns.default({}),
  /** Tokens of Unicode's date formats: `dd/MM/yy HH:mm`, `M/d/yyyy h:mm a`. */
  dateTimeFormat: z.string().optional(),
  dateFormat: z.string().default('yyyy-MM-dd'),
  timeFormat: z.string().default('HH:mm:ss'),
  /** Language of month names. */
  locale: z.string().default('en'),
  delimiter: z.string().min(1).max(4).default(','),
  decimal: z.enum(['.', ',']).default('.'),
  encoding: z.string().default('utf-8'),
});

/** A mapping, whole: the columns' names are known, and either one column or two say when. */
export interface CompleteMapping extends Omit<z.output<typeof Mapping>, 'columns'> {
  readonly columns: {
    readonly order: string;
    readonly when: { readonly dateTime: string } | { readonly date: string; readonly time: string };
    readonly item: string;
    readonly variation: string | undefined;
    readonly category: string | undefined;
    readonly quantity: string | undefined;
    readonly price: string;
  };
  /** The quantity's column need not be there: it was not named, only assumed. */
  readonly quantityAssumed: boolean;
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
  const { columns, ...formats } = read.data;
  if (!isEncoding(formats.encoding))
    throw new CommandFailure(`${file}: encoding: there is no encoding "${formats.encoding}"`);
  if (columns.dateTime !== undefined && formats.dateTimeFormat === undefined)
    throw new CommandFailure(`${file}: dateTimeFormat: must be given with the column dateTime`);
  const own = Object.keys(columns).length > 0;
  return {
    ...formats,
    columns: {
      order: columns.order ?? 'id',
      when:
        columns.dateTime === undefined
          ? { date: columns.date ?? 'date', time: columns.time ?? 'time' }
          : { dateTime: columns.dateTime },
      item: columns.item ?? 'name',
      // An export that names its own columns has those and no others.
      variation: columns.variation ?? (own ? undefined : 'size'),
      category: columns.category ?? (own ? undefined : 'type'),
      quantity: columns.quantity ?? 'quantity',
      price: columns.price ?? 'price',
    },
    quantityAssumed: columns.quantity === undefined,
  };
}

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
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
