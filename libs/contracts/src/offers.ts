import { z } from 'zod';
import { defineEndpoint } from './endpoint.js';
import { Benefit, Grant, OfferConditions, OfferConditionsInput, Priority, StackingGroup } from './grants.js';
import { Page, PageQuery } from './paging.js';
import { Id, Instant, Line as Text, Version } from './primitives.js';

const name = Text(100).meta({ description: 'As the receipt says it.', examples: ['Free coffee'] });
const shared = { name, gives: Benefit, group: StackingGroup, priority: Priority };
const active = z.boolean().meta({ description: 'Whether it can be had now.' });
const stored = { version: Version, createdAt: Instant, updatedAt: Instant };

// ── Rewards ──

const points = z.int().min(1).max(1_000_000).meta({ description: 'What it costs.' });

/** What points can be spent on. */
export const Reward = z
  .object({ id: Id, ...shared, conditions: OfferConditions, points, active, ...stored })
  .meta({ id: 'Reward' });
export type Reward = z.infer<typeof Reward>;

const RewardParams = z.strictObject({ rewardId: Id });

export const CreateReward = defineEndpoint({
  id: 'createReward',
  method: 'POST',
  path: '/v1/loyalty/rewards',
  summary: 'Offers something for points.',
  scope: 'loyalty:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      ...shared,
      points,
      group: shared.group.default(null),
      priority: shared.priority.default(100),
      conditions: OfferConditionsInput.prefault({}),
      active: active.default(true),
    })
    .meta({ id: 'NewReward' }),
  answer: Reward,
  refusals: ['id_taken'],
  example: { name: 'Free coffee', points: 100, gives: { kind: 'free_item', quantity: 1 } },
});

export const ListRewards = defineEndpoint({
  id: 'listRewards',
  method: 'GET',
  path: '/v1/loyalty/rewards',
  summary: 'What points can be spent on, oldest first.',
  scope: 'loyalty:read',
  query: PageQuery,
  answer: Page('RewardPage', Reward),
});

export const ReadReward = defineEndpoint({
  id: 'readReward',
  method: 'GET',
  path: '/v1/loyalty/rewards/{rewardId}',
  summary: 'One reward.',
  scope: 'loyalty:read',
  params: RewardParams,
  answer: Reward,
});

export const ChangeReward = defineEndpoint({
  id: 'changeReward',
  method: 'PATCH',
  path: '/v1/loyalty/rewards/{rewardId}',
  summary: 'Changes a reward, for reservations from now on; what is left out stays.',
  scope: 'loyalty:write',
  params: RewardParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...shared, conditions: OfferConditionsInput, points, active, version: Version })
    .partial()
    .meta({ id: 'RewardChange' }),
  answer: Reward,
});

const minutes = z.int().min(1);

export const ReserveReward = defineEndpoint({
  id: 'reserveReward',
  method: 'POST',
  path: '/v1/loyalty/rewards/{rewardId}/reservations',
  summary: 'Spends points on a reward, and answers the grant to place the order with.',
  description:
    'The points are taken at once and come back when no order has used the grant a quarter of an hour after it expired. ' +
    'Reserve for an order, or ahead for a till (`deviceId`) that may be offline: its allowance is what it has reserved.',
  scope: 'loyalty:write',
  idempotent: true,
  params: RewardParams,
  body: z
    .strictObject({
      customerId: Id,
      orderId: Id.nullable().default(null),
      deviceId: Id.nullable().default(null),
      expiresInMinutes: minutes.max(10_080).default(15),
    })
    .refine(({ orderId, deviceId }) => (orderId === null) !== (deviceId === null), 'For an order or for a till.')
    .meta({
      id: 'RewardReservation',
      oneOf: [
        { required: ['orderId'], properties: { orderId: { type: 'string' }, deviceId: { type: 'null' } } },
        { required: ['deviceId'], properties: { deviceId: { type: 'string' }, orderId: { type: 'null' } } },
      ],
    }),
  answer: Grant,
  refusals: ['points_insufficient', 'offer_not_available', 'customer_erased', 'reference_unknown'],
  example: {
    customerId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
    orderId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
  },
});

// ── Coupons ──

const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,39}$/)
  .meta({ description: 'In capitals or not.', examples: ['WELCOME10'] });
const limit = z.int().min(1).max(100_000_000).nullable();
const rules = {
  codes: z.array(code).min(1).max(1_000),
  validFrom: Instant.nullable(),
  validUntil: Instant.nullable(),
  firstOrderOnly: z.boolean().meta({ description: 'Only for a customer who has not ordered yet.' }),
  absentForDays: z
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .meta({ description: 'Only for a customer who has ordered, and not for so many days: to win them back.' }),
  totalLimit: limit.meta({ description: 'How often it can be used in all.' }),
  customerLimit: limit.meta({ description: 'How often a customer can use it; then only known customers can.' }),
};

/** Something off an order for those who know a code. */
export const Coupon = z
  .object({
    id: Id,
    ...shared,
    conditions: OfferConditions,
    ...rules,
    active,
    uses: z.int().meta({ description: 'Claimed or used; given back when the order is cancelled or never comes.' }),
    ...stored,
  })
  .meta({ id: 'Coupon' });
export type Coupon = z.infer<typeof Coupon>;

const CouponParams = z.strictObject({ couponId: Id });

export const CreateCoupon = defineEndpoint({
  id: 'createCoupon',
  method: 'POST',
  path: '/v1/loyalty/coupons',
  summary: 'Makes a coupon with its codes.',
  scope: 'loyalty:write',
  idempotent: true,
  body: z
    .strictObject({
      id: Id.optional(),
      ...shared,
      ...rules,
      group: shared.group.default(null),
      priority: shared.priority.default(100),
      conditions: OfferConditionsInput.prefault({}),
      validFrom: rules.validFrom.default(null),
      validUntil: rules.validUntil.default(null),
      firstOrderOnly: rules.firstOrderOnly.default(false),
      absentForDays: rules.absentForDays.default(null),
      totalLimit: rules.totalLimit.default(null),
      customerLimit: rules.customerLimit.default(null),
      active: active.default(true),
    })
    .meta({ id: 'NewCoupon' }),
  answer: Coupon,
  refusals: ['id_taken', 'coupon_code_taken'],
  example: { name: 'Welcome', codes: ['WELCOME10'], gives: { kind: 'percent', rate: 100_000 } },
});

export const ListCoupons = defineEndpoint({
  id: 'listCoupons',
  method: 'GET',
  path: '/v1/loyalty/coupons',
  summary: 'Coupons, oldest first.',
  scope: 'loyalty:read',
  query: PageQuery,
  answer: Page('CouponPage', Coupon),
});

export const ReadCoupon = defineEndpoint({
  id: 'readCoupon',
  method: 'GET',
  path: '/v1/loyalty/coupons/{couponId}',
  summary: 'One coupon.',
  scope: 'loyalty:read',
  params: CouponParams,
  answer: Coupon,
});

export const ChangeCoupon = defineEndpoint({
  id: 'changeCoupon',
  method: 'PATCH',
  path: '/v1/loyalty/coupons/{couponId}',
  summary: 'Changes a coupon, for claims from now on; what is left out stays. Codes that are left out end.',
  scope: 'loyalty:write',
  params: CouponParams,
  concurrency: 'required',
  body: z
    .strictObject({ ...shared, conditions: OfferConditionsInput, ...rules, active, version: Version })
    .partial()
    .meta({ id: 'CouponChange' }),
  answer: Coupon,
  refusals: ['coupon_code_taken'],
});

export const ClaimCoupon = defineEndpoint({
  id: 'claimCoupon',
  method: 'POST',
  path: '/v1/loyalty/coupons/claims',
  summary: 'Takes a use of a coupon for an order, and answers the grant to place it with.',
  description:
    'The use comes back when the order is cancelled, and when it has not come a quarter of an hour after the grant expired.',
  scope: 'loyalty:write',
  idempotent: true,
  body: z
    .strictObject({
      code,
      orderId: Id.meta({ description: 'Mint it, and place the order with it.' }),
      customerId: Id.nullable().default(null),
      expiresInMinutes: minutes.max(1_440).default(15),
    })
    .meta({ id: 'CouponClaim' }),
  answer: Grant,
  refusals: [
    'coupon_unknown',
    'offer_not_available',
    'offer_exhausted',
    'offer_not_for_customer',
    'customer_erased',
    'reference_unknown',
  ],
  example: { code: 'WELCOME10', orderId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c' },
});

// ── Grants ──

/** What became of a grant. */
export const GrantStatus = z
  .object({
    grant: Grant,
    state: z.enum(['reserved', 'used', 'returned', 'released']).meta({
      description:
        'On no order yet; on one; taken off it again, or the order cancelled; expired before any order had it.',
    }),
    points: z.int().meta({ description: 'What it cost; 0 of a coupon.' }),
    usedBy: Id.nullable().meta({ description: 'The order that has or had it.' }),
    createdAt: Instant,
  })
  .meta({ id: 'GrantStatus' });
export type GrantStatus = z.infer<typeof GrantStatus>;

export const ReadGrant = defineEndpoint({
  id: 'readGrant',
  method: 'GET',
  path: '/v1/loyalty/grants/{grantId}',
  summary: 'A grant, and what became of it.',
  scope: 'loyalty:read',
  params: z.strictObject({ grantId: Id }),
  answer: GrantStatus,
});
