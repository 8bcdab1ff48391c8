/** What pricing a cart may refuse. */
export const pricingRefusals = [
  'menu_not_published',
  'menu_unknown',
  'item_unknown',
  'item_unavailable',
  'modifier_min',
  'modifier_max',
  'modifier_unknown',
  'modifiers_too_deep',
  'slot_min',
  'slot_max',
  'slot_unknown',
  'price_below_zero',
  'id_taken',
  'amount_too_large',
  'order_too_large',
] as const;

/** What a discount that was granted elsewhere may be refused for. */
export const grantRefusals = [
  'grant_invalid',
  'grant_expired',
  'grant_not_applicable',
  'discounts_not_combinable',
] as const;
