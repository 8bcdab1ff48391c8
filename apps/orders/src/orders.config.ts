import type { PlatformConfig } from '@comanda/platform';
import { z } from 'zod';

/** The settings of this service, beside those of the platform. */
export const OrdersConfig = z.object({
  /** Where catalog answers, without a path: published menus are fetched from there. */
  CATALOG_URL: z
    .string()
    .refine(
      (text) => /^https?:\/\//.test(text) && URL.canParse(text),
      'must be a URL that begins with http:// or https://',
    )
    .default('http://localhost:8080'),
});
export type OrdersConfig = PlatformConfig & z.output<typeof OrdersConfig>;
