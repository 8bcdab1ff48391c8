import { z } from 'zod';

/** Any RFC 9562 UUID; clients may mint them. Stored and compared in lower case. */
export const Id = z
  .uuid()
  .toLowerCase()
  .meta({
    id: 'Id',
    description: 'A UUID (RFC 9562). New ones are version 7.',
    examples: ['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'],
  });
export type Id = z.infer<typeof Id>;

/** A moment, RFC 3339 with an offset; stored and answered in UTC. */
export const Instant = z.iso
  .datetime({ offset: true })
  .meta({ id: 'Instant', description: 'A moment (RFC 3339).', examples: ['2026-03-06T19:30:00Z'] });

/** A day of the business: the location's own, cut at its closing hour, not at midnight. */
export const BusinessDate = z.iso
  .date()
  .refine((date) => date > '0001', 'There is no year 0.')
  .meta({ id: 'BusinessDate', description: 'A business day, YYYY-MM-DD.', examples: ['2026-03-06'] });

/** ISO 4217, three capitals. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ id: 'Currency', description: 'ISO 4217 code.', examples: ['USD'] });

/** The largest amount any field may hold: far above any bill, far below where whole numbers stop being exact. */
export const MAX_AMOUNT = 1_000_000_000_000;

/** Whole minor units: 12.75 USD is 1275. May be negative where a field says so. */
export const Amount = z.int().min(-MAX_AMOUNT).max(MAX_AMOUNT);
/** Whole minor units, zero or more. */
export const PositiveAmount = z.int().min(0).max(MAX_AMOUNT);

/** An amount with its currency, as we answer it. */
export const Money = z.object({ amount: Amount, currency: Currency }).meta({
  id: 'Money',
  description: 'Whole minor units and their currency.',
  examples: [{ amount: 1275, currency: 'USD' }],
});
/** An amount with its currency, as we take it: zero or more, and nothing beside it. */
export const Price = z
  .strictObject({ amount: PositiveAmount, currency: Currency })
  .meta({ id: 'Price', description: 'Money, zero or more.', examples: [{ amount: 1275, currency: 'USD' }] });

/** Parts per million: 8.875 % is 88750. */
export const Rate = z
  .int()
  .min(0)
  .max(1_000_000)
  .meta({ id: 'Rate', description: 'Parts per million: 8.875 % is 88750.', examples: [88750] });

// Control characters have no place in what printers and kitchen screens show, and PostgreSQL stores no NUL.
const ONE_LINE = /^[^\u0000-\u001f\u007f]*$/;
const MANY_LINES = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;

// Half of a character (a lone surrogate) is no text: PostgreSQL refuses it in JSON.
const isText = (text: string): boolean => text.isWellFormed();
const NO_TEXT = 'Holds half of a character.';

/** One line of text without control characters, at least one character long. */
export const Line = (max = 200) => z.string().min(1).max(max).regex(ONE_LINE).refine(isText, NO_TEXT);
/** Free text; line breaks are allowed. */
export const Note = (max = 2000) => z.string().max(max).regex(MANY_LINES).refine(isText, NO_TEXT);

/** A short stable name in snake case, such as a service type or a unit. */
export const Code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .meta({ id: 'Code', examples: ['dine_in'] });

/** Text in one or more languages: BCP 47 tag to text. The organization's first language is the fall-back. */
export const Texts = z
  .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), Line(500))
  .refine(
    (texts) => Object.keys(texts).length > 0 && Object.keys(texts).length <= 50,
    'Give the text in at least one language.',
  )
  .meta({
    id: 'Texts',
    description: 'Language tag (BCP 47) to text.',
    minProperties: 1,
    maxProperties: 50,
    examples: [{ en: 'Margherita', it: 'Margherita' }],
  });
export type Texts = z.infer<typeof Texts>;

/** The version of a mutable resource: 1 when made, one more with every change. */
export const Version = z
  .int()
  .min(1)
  .max(2_147_483_647)
  .meta({ id: 'Version', examples: [3] });

/** A published menu, by its content: SHA-256, in hexadecimal. */
export const MenuHash = z.string().regex(/^[0-9a-f]{64}$/);

/** How a guest gets the food; taxes may depend on it. */
export const ServiceType = z.enum(['dine_in', 'take_away', 'delivery', 'drive_through']).meta({ id: 'ServiceType' });
/** Where an order came from. */
export const Channel = z.enum(['pos', 'qr', 'kiosk', 'online', 'phone', 'partner']).meta({ id: 'Channel' });

/** No spaces and no control characters: what is before and after the one @ is the mail server's business. */
export const MailAddress = z
  .string()
  .max(254)
  .regex(/^[^\s@\u0000-\u001f\u007f]+@[^\s@\u0000-\u001f\u007f]+\.[^\s@\u0000-\u001f\u007f]+$/);
