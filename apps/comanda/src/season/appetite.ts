import type { ServiceType } from '@comanda/client';
import type { Asked, Choice, Clock } from './bill.js';
import { GROUPS, VARIATIONS } from './bistro.js';
import type { Dice } from './dice.js';

// What guests feel like having.

/** Something of the menu: now and then a combo, unless all is to be plain. */
export function something(dice: Dice, at: Clock, plain: boolean): Asked {
  if (plain || dice.percent(70)) return thing(dice, dice.of(A_LA_CARTE), dice.percent(25) ? 2 : 1, at);
  return thing(dice, dice.of(['lunch', 'evening']), dice.percent(30) ? 2 : 1, at);
}

/** So many of something, with choices by chance. */
export function thing(dice: Dice, code: string, quantity: number, at: Clock): Asked {
  const { variation } = VARIATIONS.get(code) ?? {};
  const components = (variation?.slots ?? []).map(({ code: slot, choices }) => {
    const [first = '', ...others] = Object.keys(choices);
    const chosen = dice.of([first, ...others]);
    return { slot, variation: chosen, choices: choicesFor(dice, chosen) };
  });
  const choices = components.length > 0 ? [] : choicesFor(dice, code);
  return { variation: code, quantity, choices, components, reductions: [], at };
}

function choicesFor(dice: Dice, variation: string): Choice[] {
  const groups = VARIATIONS.get(variation)?.item.groups ?? [];
  return GROUPS.filter(({ code }) => groups.includes(code)).flatMap(({ min, modifiers, asked = [] }) => {
    const [first, ...others] = modifiers;
    if (!first) return [];
    if (min > 0) return [{ modifier: dice.of([first, ...others]).code }];
    return modifiers
      .filter(() => dice.percent(60))
      .map(({ code }): Choice => {
        const [way, ...ways] = asked;
        return way && dice.percent(75) ? { modifier: code, asked: dice.of([way, ...ways]).code } : { modifier: code };
      });
  });
}

/** How they have it. */
export function wayOf(dice: Dice): ServiceType {
  const chance = dice.between(1, 100);
  return chance <= 65 ? 'dine_in' : chance <= 90 ? 'take_away' : 'delivery';
}

const A_LA_CARTE = [
  'soup',
  'salad',
  'salad_large',
  'burger',
  'burger',
  'steak',
  'mussels',
  'poutine',
  'poutine_large',
  'brulee',
  'tart',
  'coffee',
  'lemonade',
  'beer',
  'wine',
] as const;
