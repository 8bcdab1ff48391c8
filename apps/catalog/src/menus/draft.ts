import type {
  Category,
  Item,
  ItemOverride,
  LocationGroup,
  Menu,
  ModifierGroup,
  Schedule,
  ServiceCharge,
  Tax,
} from '@comanda/contracts';

/** What a chain has drafted, without its history. */
export interface Draft {
  readonly categories: readonly Drafted<Category>[];
  readonly items: readonly Drafted<Item>[];
  readonly modifierGroups: readonly Drafted<ModifierGroup>[];
  readonly taxes: readonly Drafted<Tax>[];
  readonly serviceCharges: readonly Drafted<ServiceCharge>[];
  readonly schedules: readonly Drafted<Schedule>[];
  readonly locationGroups: readonly Drafted<LocationGroup>[];
}
export type Drafted<T> = Omit<T, 'version' | 'createdAt' | 'updatedAt'>;

/** What is different about an item at a location, or in a group of them. */
export type Override = Pick<ItemOverride, 'itemId' | 'present' | 'variations'>;
/** Overrides of one reach, by item. */
export type Layer = ReadonlyMap<string, Override>;

/** A location, as far as its menu depends on it. */
export interface Place extends Pick<
  Menu,
  'locationId' | 'currency' | 'timeZone' | 'languages' | 'jurisdiction' | 'cashRounding'
> {
  readonly name: string;
}

/** Notes something about a draft: where (steps of a JSON pointer below the location) and what. */
export type Report = (path: readonly string[], detail: string) => void;

/** Where it is noted what keeps a draft from being published, and what is only left out of the menu. */
export interface Reports {
  readonly fault: Report;
  readonly leaveOut: Report;
}

/** The order of what is drafted: by position, and ids settle ties. */
export const byPosition = (
  one: { readonly position: number; readonly id: string },
  other: { readonly position: number; readonly id: string },
): number => one.position - other.position || (one.id < other.id ? -1 : 1);
