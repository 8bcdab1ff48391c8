import { codeOf, constraintOf, type PageAsked, pageOfRows, Refusal, type Tx } from '@comanda/platform';
import { CouponCodeRow, OfferRow } from './offer.entity.js';

type Kind = OfferRow['kind'];

/** @throws Refusal `id_taken` */
export async function insertOffer(tx: Tx, row: OfferRow): Promise<void> {
  try {
    await tx.insert(OfferRow, row);
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    throw new Refusal('id_taken', 'A coupon or reward with this id exists.');
  }
}

/** A page of the offers of a kind, oldest first. */
export function pageOfOffers<Item>(tx: Tx, kind: Kind, asked: PageAsked, toItem: (row: OfferRow) => Item) {
  const rows = tx.createQueryBuilder(OfferRow, 'offer').where('offer.kind = :kind', { kind });
  return pageOfRows(rows, asked, { by: 'createdAt' }, toItem);
}

/** @throws Refusal `not_found` */
export async function findOffer(tx: Tx, organizationId: string, kind: Kind, id: string): Promise<OfferRow> {
  return (await tx.findOneBy(OfferRow, { organizationId, kind, id })) ?? refuseUnknown(kind);
}

/**
 * Locks an offer until the transaction ends: of those who want a coupon's last use one gets it.
 * @throws Refusal `not_found`
 */
export async function lockOffer(tx: Tx, organizationId: string, kind: Kind, id: string): Promise<OfferRow> {
  const where = { organizationId, kind, id };
  return (await tx.findOne(OfferRow, { where, lock: { mode: 'pessimistic_write' } })) ?? refuseUnknown(kind);
}

/** Stores what became of an offer that is locked. */
export async function saveOffer(tx: Tx, { organizationId, id, ...changes }: OfferRow): Promise<void> {
  await tx.update(OfferRow, { organizationId, id }, changes);
}

/** The codes of a coupon that is locked or new, instead of those it had. @throws Refusal `coupon_code_taken` */
export async function saveCodes(
  tx: Tx,
  organizationId: string,
  couponId: string,
  codes: readonly string[],
): Promise<void> {
  await tx.delete(CouponCodeRow, { organizationId, couponId });
  try {
    await tx.insert(
      CouponCodeRow,
      codes.toSorted().map((code) => ({ organizationId, couponId, code })),
    );
  } catch (error) {
    if (constraintOf(error) !== 'coupon_codes_pkey') throw error;
    throw new Refusal('coupon_code_taken', 'Another coupon has one of these codes.');
  }
}

/** The coupon that a code is of. @throws Refusal `coupon_unknown` */
export async function couponOf(tx: Tx, organizationId: string, code: string): Promise<string> {
  const row = await tx.findOneBy(CouponCodeRow, { organizationId, code: code.toUpperCase() });
  if (!row)
    throw new Refusal('coupon_unknown', 'There is no such coupon code.', {
      errors: [{ pointer: '/code', detail: 'Unknown.' }],
    });
  return row.couponId;
}

function refuseUnknown(kind: Kind): never {
  throw new Refusal('not_found', `There is no such ${kind}.`);
}
