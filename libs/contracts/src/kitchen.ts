import { z } from 'zod';
import { Id, Line as Text } from './primitives.js';

/** A name or a number, as the restaurant calls it: `starters`, `2`. */
export const Course = Text(40).meta({ id: 'Course', examples: ['starters'] });

/** What one station of the kitchen is told: to make these lines, or to make them no longer. */
export const Ticket = z
  .object({
    kind: z.enum(['make', 'void']),
    station: z.string().meta({ description: '`kitchen` where the item has none.' }),
    course: z.string().nullable(),
    lineIds: z.array(Id),
  })
  .meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof Ticket>;
