import { z } from 'zod';
import { AppliedCharge, AppliedTax } from './applied.js';
import { Bill } from './bill.js';
import { AppliedDiscount, byWhom, DiscountInput, OrderDiscountInput, people } from './discounts.js';
import { Displayed } from './displayed.js';
import { Course, Ticket } from './kitchen.js';
import {
  BusinessDate,
  Channel,
  Code,
  Currency,
  Id,
  Instant,
  Line as Text,
  MenuHash,
  Money,
  Note,
  Price,
  ServiceType,
  Texts,
  Version,
} from './primitives.js';
import { asRefusal } from './problems.js';
import { OrderStatus } from './order-status.js';
import { LinesReturned, Return } from './returns.js';

export * from './applied.js';
export * from './bill.js';
export * from './displayed.js';
export * from './order-status.js';

export const LineStatus = z.enum(['placed', 'fired', 'ready', 'completed', 'voided']).meta({ id: 'LineStatus' });
export type LineStatus = z.infer<typeof LineStatus>;
export const PaymentStatus = z.enum(['unpaid', 'partly_paid', 'paid']).meta({ id: 'PaymentStatus' });
export type PaymentStatus = z.infer<typeof PaymentStatus>;

const Quantity = z.int().min(1).max(10_000);
// ── What is asked for ──

/** A choice from a modifier group, which may have choices of its own. */
export interface ModifierChoice {
  modifierId: string;
  quantity: number;
  preModifier?: string | undefined;
  modifiers: ModifierChoice[];
}
/** As it is sent: what is left out is one of it, plain. */
export interface ModifierChoiceInput {
  modifierId: string;
  quantity?: number | undefined;
  preModifier?: string | undefined;
  modifiers?: ModifierChoiceInput[] | undefined;
}
// Recursive parsing needs a stack: what nests without end is refused before it is descended into.
const MODIFIER_DEPTH = 8;
const modifierChoices = (max: number) =>
  z
    .preprocess((given, context) => {
      if (isDeeper(given, MODIFIER_DEPTH))
        context.addIssue({
          code: 'custom',
          message: `Modifiers nest at most ${MODIFIER_DEPTH} deep.`,
          params: asRefusal('modifiers_too_deep'),
        });
      return given;
    }, z.array(ModifierChoice).max(max))
    .default([]);

function isDeeper(choices: unknown, levels: number): boolean {
  if (!Array.isArray(choices)) return false;
  if (levels === 0) return choices.length > 0;
  return choices.some((choice: { modifiers?: unknown } | null) => isDeeper(choice?.modifiers, levels - 1));
}

export const ModifierChoice: z.ZodType<ModifierChoice, ModifierChoiceInput> = z
  .strictObject({
    modifierId: Id,
    quantity: z.int().min(1).max(100).default(1),
    preModifier: Code.optional().meta({ description: 'How it is asked for, as its group says: no, extra, half.' }),
    get modifiers(): z.ZodDefault<z.ZodArray<z.ZodType<ModifierChoice, ModifierChoiceInput>>> {
      return z.array(ModifierChoice).max(20).default([]);
    },
  })
  .meta({ id: 'ModifierChoice' });

/** What is chosen for a slot of a combo: one of it for each combo. */
export const NewComponent = z
  .strictObject({
    id: Id.optional().meta({ description: 'Of the line that it becomes.' }),
    slot: Code,
    variationId: Id,
    modifiers: modifierChoices(50),
    note: Note(500).nullable().default(null),
  })
  .meta({ id: 'NewComponent' });
export type NewComponent = z.output<typeof NewComponent>;

export const NewLine = z
  .strictObject({
    id: Id.optional(),
    variationId: Id.meta({ description: 'What is sold: an item in one of its variations.' }),
    quantity: Quantity.default(1),
    modifiers: modifierChoices(50),
    components: z.array(NewComponent).max(20).default([]).meta({
      description:
        'What a combo is put together from. Each becomes a line of its own; the id of this line is that of the combo, and discounts are on all of it.',
    }),
    discounts: z.array(DiscountInput).max(10).default([]),
    seat: z.int().min(1).max(999).nullable().default(null),
    note: Note(500).nullable().default(null),
    course: Course.optional().meta({
      description: 'Courses are fired one by one; without one it goes with the first.',
    }),
    hold: z.boolean().optional().meta({ description: 'Goes to the kitchen when its line or course is named.' }),
  })
  .meta({ id: 'NewLine' });
export type NewLine = z.output<typeof NewLine>;

/** What a tab is called by those who serve it. */
export const TabName = Text(60).meta({
  description:
    'The order is a tab of this name: what is had over an evening and paid in the end. It stays with the order.',
  examples: ['Ada, bar'],
});

const cartFields = {
  locationId: Id,
  serviceType: ServiceType.default('dine_in'),
  covers: z.int().min(1).max(1000).nullable().default(null),
  menuHash: MenuHash.optional(),
  lines: z.array(NewLine).min(1).max(500),
  discounts: z
    .array(OrderDiscountInput)
    .max(10)
    .default([])
    .meta({ description: 'On the whole order, after the discounts of its lines.' }),
};

export const Cart = z
  .strictObject({
    ...cartFields,
    occurredAt: Instant.optional().meta({
      description:
        'When the guest orders; now, unless given. A price of that hour is then the charge of an order of it.',
    }),
  })
  .meta({ id: 'Cart' });

export const NewOrder = z
  .strictObject({
    id: Id.optional().meta({ description: 'Mint it yourself to know it before the answer comes.' }),
    checkId: Id.optional(),
    ...cartFields,
    lines: z.array(NewLine).max(500).meta({ description: 'At least one; a tab may begin without.' }),
    channel: Channel.default('pos'),
    table: Text(40).nullable().default(null),
    tab: TabName.nullable().default(null),
    customerId: Id.nullable().default(null),
    externalId: Text(100)
      .nullable()
      .default(null)
      .meta({ description: 'The number another system knows the order by.' }),
    note: Note(500).nullable().default(null),
    occurredAt: Instant.optional().meta({
      description: 'When the guest ordered; now, unless given. Before yesterday it needs the scope `orders:import`.',
    }),
    promisedAt: Instant.optional().meta({
      description:
        'When it is to be picked up or delivered: it belongs to the business day of that time, and is fired by itself.',
    }),
    expectedTotal: Price.optional().meta({
      description: 'What the guest was shown: another total is refused with both.',
    }),
    completed: z.boolean().default(false).meta({
      description: 'The guest already has everything; nothing goes to the kitchen. Needs the scope `orders:import`.',
    }),
    ...people,
  })
  .meta({ id: 'NewOrder' });
export type NewOrder = z.output<typeof NewOrder>;

// ── What there is ──

export interface LineModifier {
  id: string;
  modifierId: string;
  name: Record<string, string>;
  quantity: number;
  unitPrice: { amount: number; currency: string };
  preModifier?: { code: string; name: Record<string, string>; counts: boolean; rate?: number | undefined } | undefined;
  modifiers: LineModifier[];
}
export const LineModifier: z.ZodType<LineModifier> = z
  .object({
    id: Id,
    modifierId: Id,
    name: Texts,
    quantity: Quantity,
    unitPrice: Money,
    preModifier: z
      .object({
        code: Code,
        name: Texts,
        counts: z.boolean(),
        rate: z
          .int()
          .min(0)
          .optional()
          .meta({ description: 'How much of it, in parts per million: 2000000 is twice.' }),
      })
      .meta({ id: 'AppliedPreModifier' })
      .optional()
      .meta({ description: 'How it was asked for; what does not count is left out.' }),
    get modifiers(): z.ZodArray<z.ZodType<LineModifier>> {
      return z.array(LineModifier);
    },
  })
  .meta({ id: 'LineModifier' });

/** The combo that a line belongs to. Its lines have the price of the combo in parts: each times the quantity of the line. */
export const LineCombo = z
  .object({
    id: Id.meta({ description: 'One for all lines of the combo.' }),
    itemId: Id,
    variationId: Id,
    name: Texts,
    variationName: Texts,
    slot: Code,
  })
  .meta({ id: 'LineCombo' });
export type LineCombo = z.infer<typeof LineCombo>;

/** One thing on a check. A voided one stays, with its price and quantity, and comes to nothing: its amounts are zero. */
export const OrderLine = z
  .object({
    id: Id,
    itemId: Id,
    variationId: Id,
    name: Texts,
    variationName: Texts,
    categoryId: Id.nullable(),
    quantity: Quantity,
    unitPrice: Money.meta({ description: 'Of one, without modifiers.' }),
    modifiers: z.array(LineModifier),
    seat: z.int().nullable(),
    note: z.string().nullable(),
    course: z.string().optional(),
    held: z.boolean().optional().meta({ description: 'Waits until its line or course is named.' }),
    serviceType: ServiceType.optional().meta({
      description:
        'How it was served when it was paid, where the order is served otherwise since: its taxes are of this.',
    }),
    station: Code.optional().meta({ description: 'Where the kitchen makes it.' }),
    status: LineStatus,
    voided: z
      .object({
        reason: z.string(),
        by: z.string(),
        at: Instant,
        businessDate: BusinessDate,
        sent: z.boolean().meta({ description: 'The kitchen had it.' }),
        ...byWhom,
      })
      .nullable(),
    gross: Money.meta({ description: 'Quantity times price with modifiers.' }),
    discounts: z.array(AppliedDiscount).meta({ description: 'Its own and its share of those of the order.' }),
    net: Money.meta({ description: 'After discounts, without tax.' }),
    taxes: z.array(AppliedTax),
    total: Money.meta({ description: 'What the guest pays for the line: net and taxes.' }),
    orderedAt: Instant,
    combo: LineCombo.optional().meta({ description: 'The combo it is a component of.' }),
    returned: z.int().min(1).optional().meta({ description: 'How many of it went back after they were paid.' }),
  })
  .meta({ id: 'OrderLine' });
export type OrderLine = z.infer<typeof OrderLine>;

export const Totals = z
  .object({
    gross: Money,
    discount: Money,
    net: Money.meta({ description: 'Lines after discounts, without tax.' }),
    serviceCharge: Money,
    tax: Money.meta({ description: 'All taxes, included and added.' }),
    total: Money.meta({ description: 'net + serviceCharge + tax, before cash rounding and tips.' }),
  })
  .meta({ id: 'Totals' });
export type Totals = z.infer<typeof Totals>;

/** What a check of a split order pays of a line, or of everything. */
export const CheckShare = z
  .object({
    lineId: Id.nullable().meta({ description: 'Null: of everything that was ordered.' }),
    parts: z.int().min(0),
    of: z.int().min(0),
    amount: Money.meta({
      description: 'With its part of taxes and service charges. They sum to the total of the check.',
    }),
  })
  .meta({ id: 'CheckShare' });
export type CheckShare = z.infer<typeof CheckShare>;

const checkFields = {
  id: Id,
  version: Version,
  lines: z.array(OrderLine),
  discounts: z.array(AppliedDiscount),
  charges: z.array(AppliedCharge),
  totals: Totals,
  paid: Money.meta({ description: 'Paid so far, without tips and change, less refunds.' }),
  shares: z.array(CheckShare).optional().meta({
    description:
      'Where the order is split: what this check pays. All lines and charges are then on the first check, whoever pays them.',
  }),
  taxes: z.array(AppliedTax).optional().meta({ description: 'Where the order is split: the taxes in its total.' }),
};
const display = Displayed.optional().meta({ description: 'For information, where it was asked for.' });
/** A check: what one party pays together. */
export const Check = z.object({ ...checkFields, bill: Bill, display }).meta({ id: 'Check' });
export type Check = z.infer<typeof Check>;

/** An order moved from one table to another. */
export const TableMove = z
  .object({ from: z.string(), to: z.string(), by: z.string(), at: Instant })
  .meta({ id: 'TableMove' });
export type TableMove = z.infer<typeof TableMove>;

const orderFields = {
  id: Id,
  locationId: Id,
  number: z.int().min(1).meta({ description: 'For people: counts from 1 for each location and business date.' }),
  businessDate: BusinessDate,
  status: OrderStatus,
  paymentStatus: PaymentStatus,
  channel: Channel,
  serviceType: ServiceType,
  table: z.string().nullable(),
  tab: z.string().optional().meta({ description: 'Of a tab: what it is called.' }),
  covers: z.int().nullable(),
  customerId: Id.nullable(),
  externalId: z.string().nullable(),
  note: z.string().nullable(),
  currency: Currency,
  menuHash: z.string(),
  cancelled: z
    .object({ reason: z.string(), by: z.string(), at: Instant, businessDate: BusinessDate, ...byWhom })
    .nullable(),
  party: z.array(Id).optional().meta({ description: 'All orders that pay together, itself among them.' }),
  moves: z.array(TableMove).optional().meta({ description: 'From table to table, the last one last.' }),
  totals: Totals.meta({ description: 'Of all checks together.' }),
  scheduled: z
    .object({ promisedAt: Instant, fireAt: Instant.meta({ description: 'When it is fired by itself.' }) })
    .optional(),
  placedBy: z.string().meta({ description: 'The credential that placed it.' }),
  staffId: Id.optional().meta({ description: 'Whose hands placed it.' }),
  occurredAt: Instant,
  recordedAt: Instant,
  version: Version,
};

export const Order = z
  .object({
    ...orderFields,
    checks: z.array(Check),
    returns: z
      .array(Return)
      .optional()
      .meta({ description: 'What went back after it was paid. Its amounts are what was sold.' }),
    display,
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

/** An order priced and not placed. */
export const Quote = z
  .object({
    menuHash: z.string(),
    currency: Currency,
    lines: z.array(OrderLine),
    discounts: z.array(AppliedDiscount),
    charges: z.array(AppliedCharge),
    totals: Totals,
    display,
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof Quote>;

/** The order as it stands after the event; bills stay with the caller they were signed for. */
export const OrderFacts = z.object({
  ...orderFields,
  checks: z.array(z.object(checkFields)),
  tickets: z.array(Ticket).optional().meta({
    description: 'What this event tells the kitchen, and no other event does: print each once.',
  }),
  returns: z.array(LinesReturned).optional(),
});
export type OrderFacts = z.infer<typeof OrderFacts>;
