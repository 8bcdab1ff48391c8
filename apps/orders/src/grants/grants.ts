import type { OrderDiscountInput } from '@comanda/contracts';
import { CONFIG, grantKey, isGrantSigned, type PlatformConfig, Refusal } from '@comanda/platform';
import { conflictOf, type Obstacle } from '@comanda/pricing';
import { Inject, Injectable } from '@nestjs/common';
import { type OrderDiscount, grantsOf } from '../checks/discounts.js';
import { type Basis, grantedDiscounts } from '../checks/price-check.js';

/** Trusts what loyalty signed, and nothing else: a coupon or reward is taken off an order without asking anybody. */
@Injectable()
export class Grants {
  readonly #key: Buffer;

  constructor(@Inject(CONFIG) config: PlatformConfig) {
    this.#key = grantKey(config.COMANDA_SECRET);
  }

  /**
   * Refuses coupons and rewards that were not given for this order, or that have expired; those that are on it already
   * stay.
   * @param orderId `undefined` for an order that is only quoted
   * @throws Refusal `grant_invalid`, `grant_expired`, pointing into the body
   */
  require(
    asked: readonly OrderDiscountInput[],
    {
      organizationId,
      orderId,
      known = [],
    }: { organizationId: string; orderId?: string | undefined; known?: readonly OrderDiscount[] },
  ): void {
    const here = new Set(grantsOf(known).map(({ id }) => id));
    asked.forEach((discount, at) => {
      if (discount.kind !== 'grant' || here.has(discount.grant.id)) return;
      const { grant } = discount;
      const refuse = (code: 'grant_invalid' | 'grant_expired', detail: string): never => {
        throw new Refusal(code, detail, { errors: [{ pointer: `/discounts/${at}/grant`, detail }] });
      };
      if (grant.organizationId !== organizationId || !isGrantSigned(this.#key, grant))
        refuse('grant_invalid', 'The grant was not given by this platform.');
      if (orderId !== undefined && grant.orderId !== null && grant.orderId !== orderId)
        refuse('grant_invalid', 'The grant was given for another order.');
      if (Date.parse(grant.expiresAt) <= Date.now())
        refuse('grant_expired', `The grant expired at ${grant.expiresAt}.`);
    });
  }
}

/**
 * Refuses coupons and rewards that cannot be on an order together, are somebody else's, or would take nothing off.
 * @param customerId whose order it is; `undefined` when it is not known yet
 * @param before those that are on the order already: they may come to nothing, as when a line is voided
 * @throws Refusal `discounts_not_combinable`, `grant_not_applicable`
 */
export function requireUsable(
  basis: Basis,
  customerId: string | null | undefined,
  before: readonly OrderDiscount[] = [],
): void {
  const grants = grantsOf(basis.discounts);
  if (grants.length === 0) return;
  const conflict = conflictOf(grants.map(({ grant }) => grant));
  if (conflict)
    throw new Refusal('discounts_not_combinable', `${conflict[0].name} cannot be combined with ${conflict[1].name}.`, {
      grants: conflict.map(({ id }) => id),
    });
  const { obstacles } = grantedDiscounts(basis);
  const here = new Set(grantsOf(before).map(({ id }) => id));
  for (const { id, name, grant } of grants) {
    if (grant.customerId !== null && customerId !== undefined && grant.customerId !== customerId)
      throw new Refusal('grant_not_applicable', `${name} is for another customer.`, { grantId: id, why: 'customer' });
    const obstacle = obstacles.get(id);
    if (obstacle && !here.has(id))
      throw new Refusal('grant_not_applicable', `${name}: ${SENTENCES[obstacle]}`, { grantId: id, why: obstacle });
  }
}

const SENTENCES: Readonly<Record<Obstacle, string>> = {
  currency: 'it is in another currency.',
  location: 'it is not for this location.',
  service_type: 'it is not for this way of serving.',
  minimum_spend: 'the order does not reach its minimum.',
  nothing_eligible: 'nothing that it is for is ordered.',
};
