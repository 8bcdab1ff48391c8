import { z } from 'zod';
import { Code, Id, PositiveAmount, Texts } from '../primitives.js';
import { Prices } from './prices.js';

const slotFields = {
  code: Code.meta({ description: 'What an order calls it, such as `drink`: one in its combo.' }),
  name: Texts,
  min: z.int().min(0).max(20).meta({ description: 'At least so many choices.' }),
  max: z.int().min(1).max(20).meta({ description: 'At most so many; one thing may be chosen several times.' }),
};

const choiceFields = {
  variationId: Id.meta({ description: 'What is then sold: an item in one of its variations, no combo itself.' }),
  surcharges: Prices.meta({ description: 'What it adds to the price of the combo. Empty: nothing anywhere.' }),
};

/** What a variation is put together from when it is a combo. */
export const Slots = z
  .array(
    z
      .strictObject({
        ...slotFields,
        min: slotFields.min.default(1),
        max: slotFields.max.default(1),
        choices: z
          .array(
            z
              .strictObject({ ...choiceFields, surcharges: choiceFields.surcharges.default({}) })
              .meta({ id: 'SlotChoice' }),
          )
          .max(200),
      })
      .meta({ id: 'Slot' }),
  )
  .max(20)
  .meta({
    description:
      'Makes it a combo: so many of these for its price, each ordered, made, taxed and taken from stock as what it is. Empty: no combo.',
  });

/** The slots of a combo on a published menu. */
export const MenuSlots = z
  .array(
    z
      .object({
        ...slotFields,
        choices: z.array(
          z
            .object({
              variationId: Id,
              surcharge: PositiveAmount.optional().meta({ description: 'What it adds to the price of the combo.' }),
            })
            .meta({ id: 'MenuSlotChoice' }),
        ),
      })
      .meta({ id: 'MenuSlot' }),
  )
  .meta({ description: 'It is a combo: its price is for so many of these.' });
