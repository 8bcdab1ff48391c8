/** What kind of topping an ingredient is: it decides how much goes on. */
type Kind = 'cheese' | 'meat' | 'vegetable' | 'sauce' | 'herb';

/**
 * Grams of one ingredient on one pizza, by its kind and the pizza's size. These are ours: the data set names the
 * ingredients and not how much of them. They are chosen to be plausible for 10, 12, 14, 16 and 18 inches.
 */
const GRAMS: Readonly<Record<Kind, Readonly<Record<string, number>>>> = {
  cheese: { S: 60, M: 90, L: 120, XL: 160, XXL: 200 },
  meat: { S: 40, M: 60, L: 80, XL: 105, XXL: 130 },
  vegetable: { S: 30, M: 45, L: 60, XL: 80, XXL: 100 },
  sauce: { S: 25, M: 35, L: 50, XL: 65, XXL: 80 },
  herb: { S: 3, M: 4, L: 6, XL: 8, XXL: 10 },
};

/** Grams of an ingredient on a pizza; a size that no pizza comes in counts as M. */
export function gramsOf(ingredient: string, size: string): number {
  const bySize = GRAMS[kindOf(ingredient)];
  return bySize[size] ?? bySize['M'] ?? 0;
}

/** The ingredients of a line in `items.csv`: names between semicolons. */
export function ingredientsOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(';')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
  ];
}

function kindOf(ingredient: string): Kind {
  return KINDS.find(([words]) => words.test(ingredient))?.[1] ?? 'vegetable';
}

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/sauce/i, 'sauce'],
  [/cheese/i, 'cheese'],
  [/garlic|oregano|thyme|cilantro|arugula/i, 'herb'],
  [/pepperoni\b|salami|sausage|bacon|ham|chicken|beef|capocollo|prosciutto|pancetta|anchovies|nduja/i, 'meat'],
];
