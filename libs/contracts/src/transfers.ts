import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Line, Version } from './primitives.js';
import { StockCost, StockQuantity, Unit } from './stock-items.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';
const OTHER = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c';

export const TransferStatus = z
  .enum(['shipped', 'partly_received', 'received', 'closed'])
  .meta({ id: 'TransferStatus' });
export type TransferStatus = z.infer<typeof TransferStatus>;

const TransferLine = z
  .object({
    id: Id,
    stockItemId: Id,
    unit: Unit,
    shipped: z.int().meta({ description: 'What left, in the stock item’s unit.' }),
    received: z.int().meta({ description: 'What has arrived of it.' }),
    inTransit: z.int().meta({ description: 'What is on its way.' }),
    missing: z.int().meta({ description: 'What never arrived; none until the transfer is closed.' }),
    cost: StockCost.nullable().meta({ description: 'What was shipped is worth; null where that is not known.' }),
  })
  .meta({ id: 'TransferLine' });

/** Stock on its way from one location to another: shipped = received + in transit + missing, at every moment. */
export const Transfer = z
  .object({
    id: Id,
    fromLocationId: Id,
    toLocationId: Id,
    status: TransferStatus,
    reason: z.string().nullable().meta({ description: 'Why it was closed before all had arrived.' }),
    lines: z.array(TransferLine),
    version: Version,
    shippedAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Transfer' });
export type Transfer = z.infer<typeof Transfer>;

const TransferParams = z.strictObject({ transferId: Id });
const change = { method: 'POST', scope: 'inventory:write', idempotent: true, answer: Transfer } as const;

export const ShipTransfer = defineEndpoint({
  ...change,
  id: 'shipTransfer',
  path: '/v1/inventory/transfers',
  summary: 'Stock leaves one location for another.',
  description: 'The caller’s key must be valid for the location it leaves.',
  body: z
    .strictObject({
      id: Id.optional(),
      fromLocationId: Id,
      toLocationId: Id,
      occurredAt: Instant.optional(),
      lines: z
        .array(z.strictObject({ stockItemId: Id, quantity: StockQuantity }).meta({ id: 'NewTransferLine' }))
        .min(1)
        .max(200),
    })
    .meta({ id: 'NewTransfer' }),
  refusals: [
    'id_taken',
    'reference_unknown',
    'unit_mismatch',
    'amount_too_large',
    'time_not_allowed',
    'transfer_invalid',
  ],
  example: {
    fromLocationId: ID,
    toLocationId: OTHER,
    lines: [{ stockItemId: ID, quantity: { amount: 5, unit: 'kg' } }],
  },
});

export const ListTransfers = defineEndpoint({
  id: 'listTransfers',
  method: 'GET',
  path: '/v1/inventory/transfers',
  summary: 'The transfers, newest first.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    locationId: Id.optional().meta({ description: 'From or to it.' }),
    status: TransferStatus.optional(),
  }),
  answer: Page('TransferPage', Transfer),
});

export const ReadTransfer = defineEndpoint({
  id: 'readTransfer',
  method: 'GET',
  path: '/v1/inventory/transfers/{transferId}',
  summary: 'One transfer.',
  scope: 'inventory:read',
  params: TransferParams,
  answer: Transfer,
});

export const ReceiveTransfer = defineEndpoint({
  ...change,
  id: 'receiveTransfer',
  path: '/v1/inventory/transfers/{transferId}/receipts',
  summary: 'Some or all of what was shipped arrived.',
  description: 'The caller’s key must be valid for the location it goes to.',
  params: TransferParams,
  body: z
    .strictObject({
      occurredAt: Instant.optional(),
      lines: z
        .array(z.strictObject({ lineId: Id, quantity: StockQuantity }).meta({ id: 'TransferReceiptLine' }))
        .min(1)
        .max(200),
    })
    .meta({ id: 'NewTransferReceipt' }),
  refusals: [
    'transfer_state',
    'exceeds_shipped',
    'reference_unknown',
    'unit_mismatch',
    'amount_too_large',
    'time_not_allowed',
  ],
  example: { lines: [{ lineId: ID, quantity: { amount: 3, unit: 'kg' } }] },
});

export const CloseTransfer = defineEndpoint({
  ...change,
  id: 'closeTransfer',
  path: '/v1/inventory/transfers/{transferId}/close',
  summary: 'Nothing more will arrive: what is still on its way is missing.',
  params: TransferParams,
  body: z.strictObject({ reason: Line(200) }).meta({ id: 'TransferClosing' }),
  refusals: ['transfer_state'],
  example: { reason: 'One crate fell off the van' },
});
