import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Page, PageQuery } from './paging.js';
import { Currency, Id, Instant, Line, MailAddress, Version } from './primitives.js';
import { DeliveryCost, StockQuantity, Unit } from './stock-items.js';

const ID = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b';

// ── Suppliers ──

const supplierFields = {
  name: Line(),
  email: MailAddress.nullable().meta({ description: 'Where orders are sent to.' }),
  phone: Line(40).nullable(),
  active: z.boolean().meta({ description: 'Nothing new is ordered from one that is not.' }),
};

/** Somebody from whom stock is bought. */
export const Supplier = z
  .object({
    id: Id,
    ...supplierFields,
    email: z.string().nullable(),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Supplier' });
export type Supplier = z.infer<typeof Supplier>;

const SupplierParams = z.strictObject({ supplierId: Id });

export const CreateSupplier = defineEndpoint({
  id: 'createSupplier',
  method: 'POST',
  path: '/v1/inventory/suppliers',
  summary: 'Adds a supplier.',
  scope: 'inventory:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      ...supplierFields,
      email: supplierFields.email.default(null),
      phone: supplierFields.phone.default(null),
      active: supplierFields.active.default(true),
    })
    .meta({ id: 'NewSupplier' }),
  answer: Supplier,
  refusals: ['id_taken'],
  example: { name: 'Caseificio Rossi', email: 'orders@rossi.example' },
});

export const ListSuppliers = defineEndpoint({
  id: 'listSuppliers',
  method: 'GET',
  path: '/v1/inventory/suppliers',
  summary: 'The suppliers, oldest first.',
  scope: 'inventory:read',
  query: PageQuery,
  answer: Page('SupplierPage', Supplier),
});

export const ReadSupplier = defineEndpoint({
  id: 'readSupplier',
  method: 'GET',
  path: '/v1/inventory/suppliers/{supplierId}',
  summary: 'One supplier.',
  scope: 'inventory:read',
  params: SupplierParams,
  answer: Supplier,
});

export const ChangeSupplier = defineEndpoint({
  id: 'changeSupplier',
  method: 'PATCH',
  path: '/v1/inventory/suppliers/{supplierId}',
  summary: 'Changes a supplier; what is left out stays.',
  scope: 'inventory:write',
  params: SupplierParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...supplierFields, version: Version })
    .partial()
    .meta({ id: 'SupplierChange' }),
  answer: Supplier,
  refusals: ['version_stale', 'version_missing'],
  example: { phone: '+39 081 555 0100', version: 1 },
});

// ── Purchase orders ──

export const PurchaseOrderStatus = z
  .enum(['draft', 'sent', 'partly_received', 'received', 'cancelled'])
  .meta({ id: 'PurchaseOrderStatus' });
export type PurchaseOrderStatus = z.infer<typeof PurchaseOrderStatus>;

const PurchaseOrderLine = z
  .object({
    id: Id,
    stockItemId: Id,
    quantity: z.int().meta({ description: 'What was ordered, in the stock item’s unit.' }),
    unit: Unit,
    cost: z.int().meta({ description: 'Of the whole line as ordered, in minor units.' }),
    received: z.int().meta({ description: 'What has come of it so far.' }),
    receivedCost: z.int().meta({ description: 'What that cost, with its share of freight, in minor units.' }),
  })
  .meta({ id: 'PurchaseOrderLine' });

/** What a location orders from a supplier. */
export const PurchaseOrder = z
  .object({
    id: Id,
    locationId: Id,
    supplierId: Id,
    status: PurchaseOrderStatus,
    reference: z.string().nullable(),
    expectedOn: z.string().nullable(),
    currency: Currency,
    lines: z.array(PurchaseOrderLine),
    receiptIds: z.array(Id).meta({ description: 'The receipts that came for it, oldest first: causes of movements.' }),
    version: Version,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'PurchaseOrder' });
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;

const orderFields = {
  reference: Line(100).nullable().meta({ description: 'The number under which the supplier knows it.' }),
  expectedOn: z.iso
    .date()
    .refine((date) => date > '0001', 'There is no year 0.')
    .nullable()
    .meta({ description: 'The day on which it should come.' }),
  lines: z
    .array(
      z
        .strictObject({
          stockItemId: Id,
          quantity: StockQuantity,
          cost: DeliveryCost.meta({ description: 'Of the whole line, in minor units of the location’s currency.' }),
        })
        .meta({ id: 'NewPurchaseOrderLine' }),
    )
    .min(1)
    .max(200),
};
const PurchaseOrderParams = z.strictObject({ purchaseOrderId: Id });

export const CreatePurchaseOrder = defineEndpoint({
  id: 'createPurchaseOrder',
  method: 'POST',
  path: '/v1/inventory/purchase-orders',
  summary: 'Drafts an order to a supplier.',
  scope: 'inventory:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      locationId: Id,
      supplierId: Id,
      ...orderFields,
      reference: orderFields.reference.default(null),
      expectedOn: orderFields.expectedOn.default(null),
    })
    .meta({ id: 'NewPurchaseOrder' }),
  answer: PurchaseOrder,
  refusals: ['id_taken', 'reference_unknown', 'unit_mismatch', 'amount_too_large'],
  example: {
    locationId: ID,
    supplierId: ID,
    lines: [{ stockItemId: ID, quantity: { amount: 20, unit: 'kg' }, cost: 13_900 }],
  },
});

export const ListPurchaseOrders = defineEndpoint({
  id: 'listPurchaseOrders',
  method: 'GET',
  path: '/v1/inventory/purchase-orders',
  summary: 'The purchase orders, newest first.',
  scope: 'inventory:read',
  query: PageQuery.extend({
    locationId: Id.optional(),
    supplierId: Id.optional(),
    status: PurchaseOrderStatus.optional(),
  }),
  answer: Page('PurchaseOrderPage', PurchaseOrder),
});

export const ReadPurchaseOrder = defineEndpoint({
  id: 'readPurchaseOrder',
  method: 'GET',
  path: '/v1/inventory/purchase-orders/{purchaseOrderId}',
  summary: 'One purchase order.',
  scope: 'inventory:read',
  params: PurchaseOrderParams,
  answer: PurchaseOrder,
});

export const ChangePurchaseOrder = defineEndpoint({
  id: 'changePurchaseOrder',
  method: 'PATCH',
  path: '/v1/inventory/purchase-orders/{purchaseOrderId}',
  summary: 'Changes a draft; what is left out stays, and lines are replaced together.',
  scope: 'inventory:write',
  params: PurchaseOrderParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...orderFields, version: Version })
    .partial()
    .meta({ id: 'PurchaseOrderChange' }),
  answer: PurchaseOrder,
  refusals: [
    'version_stale',
    'version_missing',
    'purchase_order_state',
    'reference_unknown',
    'unit_mismatch',
    'amount_too_large',
  ],
  example: { reference: 'PO-1042', version: 1 },
});

const step = { method: 'POST', scope: 'inventory:write', idempotent: true, answer: PurchaseOrder } as const;

export const SendPurchaseOrder = defineEndpoint({
  ...step,
  id: 'sendPurchaseOrder',
  path: '/v1/inventory/purchase-orders/{purchaseOrderId}/send',
  summary: 'The draft goes to the supplier: from now on it is received, not changed.',
  params: PurchaseOrderParams,
  refusals: ['purchase_order_state'],
});

export const CancelPurchaseOrder = defineEndpoint({
  ...step,
  id: 'cancelPurchaseOrder',
  path: '/v1/inventory/purchase-orders/{purchaseOrderId}/cancel',
  summary: 'Nothing more is to come. What has come stays.',
  params: PurchaseOrderParams,
  refusals: ['purchase_order_state'],
});

export const ReceivePurchaseOrder = defineEndpoint({
  ...step,
  id: 'receivePurchaseOrder',
  path: '/v1/inventory/purchase-orders/{purchaseOrderId}/receipts',
  summary: 'Some or all of what was ordered came in, at its cost.',
  description:
    'A part of a line costs its part of the line, such that all parts add up to the line; unless the invoice says otherwise. Freight is shared out over the lines by their cost, by largest remainder.',
  params: PurchaseOrderParams,
  body: z
    .strictObject({
      id: Id.optional().meta({ description: 'Of the receipt.' }),
      reference: Line(100).nullable().default(null).meta({ description: 'The number on the delivery note.' }),
      occurredAt: Instant.optional(),
      freight: DeliveryCost.default(0).meta({ description: 'What bringing it cost, in minor units.' }),
      lines: z
        .array(
          z
            .strictObject({
              lineId: Id,
              quantity: StockQuantity,
              cost: DeliveryCost.optional().meta({ description: 'What the invoice says, where it differs.' }),
            })
            .meta({ id: 'PurchaseOrderReceiptLine' }),
        )
        .min(1)
        .max(200),
    })
    .meta({ id: 'NewPurchaseOrderReceipt' }),
  refusals: [
    'id_taken',
    'purchase_order_state',
    'exceeds_ordered',
    'reference_unknown',
    'unit_mismatch',
    'amount_too_large',
    'time_not_allowed',
  ],
  example: { lines: [{ lineId: ID, quantity: { amount: 12, unit: 'kg' } }], freight: 450 },
});
