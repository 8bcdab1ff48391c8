/** What may be chosen with an item: at least `min` and at most `max` of the group's modifiers, counting quantities. */
export type ModifierGroup = {
  readonly id: string;
  readonly min: number;
  /** null when there is no limit. */
  readonly max: number | null;
  readonly modifiers: readonly ModifierOption[];
};

/** A modifier of a group; once chosen, its own groups have to be satisfied too. */
export type ModifierOption = { readonly id: string; readonly groups: readonly ModifierGroup[] };

/** What the guest chose from a group, and with it. */
export type Selection = {
  readonly groupId: string;
  readonly modifierId: string;
  readonly quantity: number;
  /** False for what is left out ("no onions"): it is none of the choices, and nothing is chosen with it. */
  readonly counts?: boolean | undefined;
  readonly selections: readonly Selection[];
};

/** A broken rule. `path` leads to it: group, modifier, group, and so on, from the item down. */
export type Violation =
  | { readonly code: 'modifier_min'; readonly path: readonly string[]; readonly min: number; readonly selected: number }
  | { readonly code: 'modifier_max'; readonly path: readonly string[]; readonly max: number; readonly selected: number }
  | { readonly code: 'modifier_unknown'; readonly path: readonly string[] };

/**
 * Checks a guest's choice against the rules of an item, all the way down, and lists every broken one: none means that it
 * can be ordered. A rule below a modifier counts only where that modifier is chosen, for one of it.
 */
export function checkSelections(groups: readonly ModifierGroup[], selections: readonly Selection[]): Violation[] {
  return checkBelow([], groups, selections);
}

function checkBelow(
  path: readonly string[],
  groups: readonly ModifierGroup[],
  selections: readonly Selection[],
): Violation[] {
  return [
    ...groups.flatMap((group) => checkCount([...path, group.id], group, selections)),
    ...selections.flatMap((selection) =>
      checkOne([...path, selection.groupId, selection.modifierId], groups, selection),
    ),
  ];
}

function checkCount(path: readonly string[], { id, min, max }: ModifierGroup, all: readonly Selection[]): Violation[] {
  const chosen = all.filter(({ groupId, counts = true }) => groupId === id && counts);
  const selected = chosen.reduce((count, { quantity }) => count + quantity, 0);
  if (selected < min) return [{ code: 'modifier_min', path, min, selected }];
  if (max !== null && selected > max) return [{ code: 'modifier_max', path, max, selected }];
  return [];
}

function checkOne(path: readonly string[], groups: readonly ModifierGroup[], selection: Selection): Violation[] {
  const group = groups.find(({ id }) => id === selection.groupId);
  const option = group?.modifiers.find(({ id }) => id === selection.modifierId);
  if (!option) return [{ code: 'modifier_unknown', path }];
  const { counts = true, selections } = selection;
  return checkBelow(path, counts ? option.groups : [], selections);
}
