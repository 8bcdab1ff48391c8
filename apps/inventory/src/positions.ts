import { z } from 'zod';

/** Where a page ended that is ordered by age: the moment, and the id where two are of one moment. */
export const AgePosition = z.tuple([z.iso.datetime(), z.uuid()]);
