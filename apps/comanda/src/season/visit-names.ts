import type { ModifierChoice, NewLine, NewLineDiscount, Price } from '@comanda/client';
import type { Asked, Choice } from './bill.js';
import { CURRENCY } from './bistro.js';
import type { Restaurant } from './open-restaurant.js';
import type { Person, Visit } from './visit.js';

/** Says what a visit is about as the API wants to hear it: with ids that follow from the season, and at its own time. */
export class VisitNames {
  constructor(
    private readonly restaurant: Restaurant,
    private readonly visit: Visit,
  ) {}

  /** The id of something of this visit. */
  id(...parts: readonly (string | number)[]): string {
    return this.restaurant.ids('visit', this.visit.number, ...parts);
  }

  /** What is ordered; the first of it was asked for after so many other things. */
  lines(asked: readonly Asked[], after = 0): NewLine[] {
    return asked.map(({ variation, quantity, choices, components, reductions }, at) => ({
      id: this.id('line', after + at),
      variationId: this.restaurant.ids('variation', variation),
      quantity,
      modifiers: this.#modifiers(choices),
      components: components.map((component, which) => ({
        id: this.id('line', after + at, which),
        slot: component.slot,
        variationId: this.restaurant.ids('variation', component.variation),
        modifiers: this.#modifiers(component.choices),
      })),
      discounts: [...reductions],
    }));
  }

  /** What one of the visit's steps adds to the order. */
  linesAdded(asked: readonly Asked[]): NewLine[] {
    let before = 0;
    for (const step of this.visit.steps) {
      if (step.do === 'order') before += step.table.asked.length;
      if (step.do !== 'add') continue;
      if (step.asked === asked) break;
      before += step.asked.length;
    }
    return this.lines(asked, before);
  }

  /** Who does something, and who allowed it. */
  people(staff: Person | null, approver: Person | null): Pick<NewLineDiscount, 'staffId' | 'approverId'> {
    const { ids } = this.restaurant;
    return { ...(staff && { staffId: ids('staff', staff) }), ...(approver && { approverId: ids('staff', approver) }) };
  }

  when({ after }: { readonly after: number }): { occurredAt: string } {
    return { occurredAt: this.time(after) };
  }

  /** So many minutes after the visit began. */
  time(after: number): string {
    return new Date(this.visit.at.getTime() + after * 60_000).toISOString();
  }

  #modifiers(choices: readonly Choice[]): ModifierChoice[] {
    return choices.map(({ modifier, asked }) => ({
      modifierId: this.restaurant.ids('modifier', modifier),
      ...(asked && { preModifier: asked }),
    }));
  }
}

/** An amount of the restaurant's currency. */
export const cents = (amount: number): Price => ({ amount, currency: CURRENCY });
