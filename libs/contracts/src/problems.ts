import { z } from 'zod';

/**
 * Every way a request can be refused: its stable code, its status and its title. One table for all services:
 * the filter answers by it, OpenAPI documents by it, clients switch on the code.
 */
export const PROBLEMS = {
  // Every route
  malformed_request: { status: 400, title: 'The request cannot be read or does not match the schema.' },
  idempotency_key_missing: { status: 400, title: 'The header Idempotency-Key is missing.' },
  credential_missing: { status: 401, title: 'A credential is needed.' },
  credential_invalid: { status: 401, title: 'The credential is unknown, expired or revoked.' },
  scope_missing: { status: 403, title: 'The credential lacks the scope for this.' },
  location_forbidden: { status: 403, title: 'The credential is not valid for this location.' },
  not_found: { status: 404, title: 'There is no such resource.' },
  method_not_allowed: { status: 405, title: 'This path does not take that method.' },
  request_in_flight: { status: 409, title: 'A request with the same Idempotency-Key is still under way.' },
  id_taken: { status: 409, title: 'The id is already in use.' },
  version_stale: { status: 412, title: 'The resource has changed since it was read.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  media_type_unsupported: { status: 415, title: 'The media type is not supported.' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used with another body.' },
  card_number_refused: { status: 422, title: 'A card number must never be sent.' },
  cursor_invalid: { status: 422, title: 'The cursor is not one that this list gave.' },
  reference_unknown: { status: 422, title: 'The request refers to something that does not exist.' },
  time_not_allowed: { status: 422, title: 'occurredAt is outside what the credential may set.' },
  version_missing: { status: 428, title: 'Send If-Match or version.' },
  rate_limited: { status: 429, title: 'Too many requests.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'The service cannot answer now.' },
  // Identity
  key_limit_reached: { status: 409, title: 'Two keys may live while one is rotated.' },
  key_already_revoked: { status: 409, title: 'The key is revoked.' },
  // Catalog
  menu_not_published: { status: 404, title: 'Nothing has been published for this location.' },
  draft_invalid: { status: 422, title: 'The draft cannot be published as it stands.' },
  import_invalid: { status: 422, title: 'The file has errors; nothing was imported.' },
  text_not_encodable: { status: 422, title: 'A text cannot be written in this encoding.' },
  sku_taken: { status: 409, title: 'The code is already in use.' },
  resource_in_use: { status: 409, title: 'Something else still refers to this.' },
  until_passed: { status: 422, title: 'The time until which it is unavailable has passed.' },
  // Orders
  menu_unknown: { status: 422, title: 'The order names a menu this location never published.' },
  item_unknown: { status: 422, title: 'The item or variation is not on the menu.' },
  item_unavailable: { status: 422, title: 'The item cannot be ordered now.' },
  modifier_min: { status: 422, title: 'Too few choices in a modifier group.' },
  modifier_max: { status: 422, title: 'Too many choices in a modifier group.' },
  modifier_unknown: { status: 422, title: 'The choice does not belong to the item.' },
  modifiers_too_deep: { status: 422, title: 'Choices of choices nest too deep.' },
  slot_min: { status: 422, title: 'Too few choices in a slot of a combo.' },
  slot_max: { status: 422, title: 'Too many choices in a slot of a combo.' },
  slot_unknown: { status: 422, title: 'The choice does not belong to the slot of the combo.' },
  order_empty: { status: 422, title: 'An order begins with a line.' },
  countdown_exhausted: { status: 409, title: 'Not enough is left.' },
  expected_total_differs: { status: 409, title: 'The total is not what was expected.' },
  order_state: { status: 409, title: 'The order is in a state that does not allow this.' },
  line_state: { status: 409, title: 'The line is in a state that does not allow this.' },
  table_named_twice: { status: 422, title: 'Two tables have the same name.' },
  split_invalid: { status: 422, title: 'The order cannot be divided so.' },
  merge_invalid: { status: 422, title: 'These orders cannot pay together.' },
  table_free: { status: 409, title: 'Nobody who has not paid sits at the table.' },
  check_paid: { status: 409, title: 'Something has been paid on the check.' },
  check_closed: { status: 409, title: 'The check pays nothing any more.' },
  approval_required: { status: 403, title: 'Somebody who may has to approve this.' },
  slot_full: { status: 409, title: 'Nothing more can be promised for this time.' },
  station_missing: { status: 409, title: 'A line has no station to be sent to.' },
  order_unpaid: { status: 409, title: 'The order is not paid: void what is not wanted.' },
  order_returned: { status: 409, title: 'Something of the order went back: its lines can no longer change.' },
  return_exceeds_sold: { status: 409, title: 'More would be returned than was sold.' },
  price_below_zero: { status: 422, title: 'A line would cost less than nothing.' },
  order_too_large: { status: 422, title: 'The order is too large: split it.' },
  amount_too_large: { status: 422, title: 'The amounts exceed what can be handled.' },
  grant_invalid: { status: 422, title: 'The grant was not given for this order.' },
  grant_expired: { status: 422, title: 'The grant has expired.' },
  grant_not_applicable: { status: 422, title: 'The coupon or reward does not apply to this order.' },
  grant_used: { status: 409, title: 'The grant is on another order.' },
  discounts_not_combinable: { status: 422, title: 'These coupons and rewards cannot be combined.' },
  // Payments
  bill_signature_invalid: { status: 422, title: 'The bill was not signed by this platform.' },
  bill_superseded: { status: 409, title: 'A newer version of the bill is known.' },
  bill_unknown: { status: 404, title: 'There is no such bill.' },
  amount_exceeds_due: { status: 409, title: 'More than what is due.' },
  nothing_due: { status: 409, title: 'Nothing is due.' },
  payment_declined: { status: 422, title: 'The payment was declined.' },
  payment_state: { status: 409, title: 'The payment is in a state that does not allow this.' },
  payment_unresolved: { status: 409, title: 'The outcome of an earlier attempt is not known yet.' },
  amount_exceeds_refundable: { status: 409, title: 'More than can be refunded.' },
  claim_signature_invalid: { status: 422, title: 'The claim was not signed by this platform.' },
  claim_foreign: { status: 422, title: 'The claim is of another order than the payment.' },
  claim_used: { status: 409, title: 'What the claim entitles to has been given back.' },
  cash_too_little: { status: 422, title: 'Less cash than the amount.' },
  provider_account_refused: { status: 422, title: 'The payment provider has no such account of the organization.' },
  provider_account_fixed: { status: 409, title: 'The organization has another account at the payment provider.' },
  provider_unavailable: { status: 503, title: 'The payment provider does not answer.' },
  signature_invalid: { status: 401, title: 'The signature is not that of the sender.' },
  attempt_ended: { status: 409, title: 'It is known already how this ended.' },
  provider_reference_missing: { status: 422, title: 'The reference of the payment provider is needed.' },
  currency_mismatch: { status: 422, title: 'The currency is not that of the bill.' },
  tip_exceeds_allowance: { status: 409, title: 'More than the provider allows beyond what was authorised.' },
  account_unknown: { status: 422, title: 'There is no such gift card or house account.' },
  account_state: { status: 409, title: 'The gift card or house account cannot be used so.' },
  balance_too_low: { status: 409, title: 'Not enough on the gift card or house account.' },
  tender_not_allowed: { status: 422, title: 'This cannot be paid in this way.' },
  // Inventory
  unit_mismatch: { status: 422, title: 'The unit does not measure this stock item.' },
  thresholds_invalid: { status: 422, title: 'The thresholds contradict each other.' },
  purchase_order_state: { status: 409, title: 'The purchase order is in a state that does not allow this.' },
  exceeds_ordered: { status: 409, title: 'More than is still to come.' },
  transfer_state: { status: 409, title: 'The transfer is in a state that does not allow this.' },
  exceeds_shipped: { status: 409, title: 'More than is on its way.' },
  transfer_invalid: { status: 422, title: 'Between these locations nothing can be transferred.' },
  // Loyalty
  customer_exists: { status: 409, title: 'A customer with this phone or e-mail exists.' },
  customer_erased: { status: 409, title: 'The customer has been erased.' },
  points_sign: { status: 422, title: 'A redemption takes points.' },
  points_insufficient: { status: 409, title: 'Not enough points.' },
  offer_not_available: { status: 409, title: 'The coupon or reward cannot be used now.' },
  offer_exhausted: { status: 409, title: 'The coupon has been used as often as it may be.' },
  offer_not_for_customer: { status: 422, title: 'The coupon is not for this customer.' },
  coupon_unknown: { status: 422, title: 'There is no such coupon code.' },
  feedback_given: { status: 409, title: 'The order has been rated.' },
  feedback_token_invalid: { status: 422, title: 'The token is not one of ours, or has expired.' },
  coupon_code_taken: { status: 409, title: 'The coupon code is already in use.' },
  // Integrations
  webhook_url_refused: { status: 422, title: 'Events cannot be sent to this address.' },
  webhook_limit_reached: { status: 409, title: 'The organization has as many webhook endpoints as it may.' },
  webhook_disabled: { status: 409, title: 'The webhook endpoint is disabled.' },
  // Reports
  report_too_large: { status: 422, title: 'The report would have too many rows.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The status of a refusal. */
export const statusOf = (code: ProblemCode): number => PROBLEMS[code].status;

/** Given to an issue of a schema whose rule JSON Schema cannot express: what breaks it is well-formed, and refused by this code. */
export const asRefusal = (code: ProblemCode): { readonly refusedAs: ProblemCode } => ({ refusedAs: code });

/** What an issue that a schema has found is refused as. */
export const refusedAs = (issue: z.core.$ZodIssue): ProblemCode =>
  (issue.code === 'custom' && (issue.params as Partial<ReturnType<typeof asRefusal>> | undefined)?.refusedAs) ||
  'malformed_request';

/** RFC 9457 problem details, with a stable code and pointers into the body. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ description: 'A stable URI for the code.' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional().meta({ description: 'What went wrong this time, in a sentence.' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z
            .string()
            .meta({ description: 'JSON pointer (RFC 6901) into the body, or `query/…`, `path/…`, `header/…`.' }),
          detail: z.string(),
        }),
      )
      .optional(),
    traceId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type Problem = z.infer<typeof Problem>;

/** The stable name of the problem. */
export const problemType = (code: ProblemCode): string => `urn:comanda:problem:${code}`;
