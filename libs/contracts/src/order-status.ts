import { z } from 'zod';

/** Where the kitchen stands with an order; whether it is paid is another question. */
export const OrderStatus = z.enum(['placed', 'fired', 'ready', 'completed', 'cancelled']).meta({ id: 'OrderStatus' });
export type OrderStatus = z.infer<typeof OrderStatus>;
