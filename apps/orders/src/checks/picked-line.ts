import type { OrderLine } from '@comanda/contracts';
import type { MenuIndex } from '../menus/menu-index.js';
import type { Discount } from './discounts.js';

/** A line as the guest chose it: everything of it but what it comes to. */
export type PickedLine = Omit<OrderLine, 'gross' | 'discounts' | 'net' | 'taxes' | 'total'>;

/** A line, the menu it was chosen from, and what is taken off it. */
export interface BasisLine {
  readonly line: PickedLine;
  readonly menu: MenuIndex;
  readonly discounts: readonly Discount[];
}

/** A line that is asked for just now, and where in the body: a JSON pointer. */
export interface AskedLine extends BasisLine {
  readonly pointer: string;
}
