import { z } from 'zod';

/** Query of every list: newest or first by key, a page at a time. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'How many, 1 to 200.' }),
  cursor: z
    .string()
    .max(400)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()
    .meta({ description: 'Where the last page ended: its `nextCursor`.' }),
});

/** A page of a list: the rows and where the next page begins; `null` at the end. */
export const Page = <T extends z.ZodType>(id: string, row: T) =>
  z.object({ data: z.array(row), nextCursor: z.string().nullable() }).meta({ id });
