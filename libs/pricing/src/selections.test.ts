import { expect, test } from 'vitest';
import { checkSelections } from './index.js';
import type { ModifierGroup, Selection } from './index.js';

const sauces: ModifierGroup = {
  id: 'sauce',
  min: 1,
  max: 1,
  modifiers: [
    { id: 'ketchup', groups: [] },
    { id: 'mayo', groups: [] },
  ],
};
const burger: ModifierGroup[] = [
  {
    id: 'side',
    min: 1,
    max: 1,
    modifiers: [
      { id: 'fries', groups: [sauces] },
      { id: 'salad', groups: [] },
    ],
  },
  {
    id: 'extras',
    min: 0,
    max: 3,
    modifiers: [
      { id: 'cheese', groups: [] },
      { id: 'bacon', groups: [] },
    ],
  },
  { id: 'notes', min: 0, max: null, modifiers: [{ id: 'no onion', groups: [] }] },
];

const chosen = (groupId: string, modifierId: string, quantity = 1, selections: Selection[] = []): Selection => ({
  groupId,
  modifierId,
  quantity,
  selections,
});

test.each<{ what: string; selections: Selection[]; violations: unknown[] }>([
  {
    what: 'fries with ketchup and two cheeses are fine',
    selections: [chosen('side', 'fries', 1, [chosen('sauce', 'ketchup')]), chosen('extras', 'cheese', 2)],
    violations: [],
  },
  {
    what: 'no limit is no limit',
    selections: [chosen('side', 'salad'), chosen('notes', 'no onion', 99)],
    violations: [],
  },
  {
    what: 'no side is one too few',
    selections: [],
    violations: [{ code: 'modifier_min', path: ['side'], min: 1, selected: 0 }],
  },
  {
    what: 'two sides are one too many',
    selections: [chosen('side', 'salad'), chosen('side', 'salad')],
    violations: [{ code: 'modifier_max', path: ['side'], max: 1, selected: 2 }],
  },
  {
    what: 'quantities count: three cheeses and a bacon are four extras',
    selections: [chosen('side', 'salad'), chosen('extras', 'cheese', 3), chosen('extras', 'bacon')],
    violations: [{ code: 'modifier_max', path: ['extras'], max: 3, selected: 4 }],
  },
  {
    what: 'fries want a sauce',
    selections: [chosen('side', 'fries')],
    violations: [{ code: 'modifier_min', path: ['side', 'fries', 'sauce'], min: 1, selected: 0 }],
  },
  {
    what: 'a salad has no sauce to choose',
    selections: [chosen('side', 'salad', 1, [chosen('sauce', 'mayo')])],
    violations: [{ code: 'modifier_unknown', path: ['side', 'salad', 'sauce', 'mayo'] }],
  },
  {
    what: 'an unknown modifier and an unknown group are both told',
    selections: [chosen('side', 'salad'), chosen('extras', 'caviar'), chosen('size', 'large')],
    violations: [
      { code: 'modifier_unknown', path: ['extras', 'caviar'] },
      { code: 'modifier_unknown', path: ['size', 'large'] },
    ],
  },
])('$what', ({ selections, violations }) => {
  expect(checkSelections(burger, selections)).toEqual(violations);
});
