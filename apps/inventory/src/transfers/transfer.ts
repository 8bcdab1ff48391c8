import type { StockCost, TransferStatus, Unit } from '@comanda/contracts';
import { proportionOf } from '@comanda/money';
import { Refusal } from '@comanda/platform';
import type { OwnAmount } from '../stock-items/measured.js';

/** What was shipped of one stock item, and what has arrived of it, in its own unit. */
export interface TransferLine {
  readonly id: string;
  readonly stockItemId: string;
  readonly unit: Unit;
  readonly shipped: number;
  readonly received: number;
  /** What was shipped is worth; null where that is not known. */
  readonly cost: StockCost | null;
}

/** What a transfer may become next. */
const NEXT: Readonly<Record<TransferStatus, readonly TransferStatus[]>> = {
  shipped: ['partly_received', 'received', 'closed'],
  partly_received: ['partly_received', 'received', 'closed'],
  received: [],
  closed: [],
};

/** @throws Refusal `transfer_state` when the table has no such step */
export function become(from: TransferStatus, to: TransferStatus): TransferStatus {
  if (NEXT[from].includes(to)) return to;
  throw new Refusal('transfer_state', `The transfer is ${from.replace('_', ' ')}.`, { status: from });
}

/** An amount that arrived, with the part of its line's cost that came with it. */
export type Arrived = OwnAmount & { readonly cost: StockCost | null };

/**
 * Receives what arrived of a transfer: never more than was shipped, and of a line's cost its part, such that all parts add up to it.
 * @throws Refusal `transfer_state`, `reference_unknown`, `exceeds_shipped`
 */
export function arrive(
  status: TransferStatus,
  lines: readonly TransferLine[],
  given: readonly { readonly lineId: string; readonly quantity: number }[],
): { status: TransferStatus; lines: TransferLine[]; arrived: Arrived[] } {
  become(status, 'partly_received');
  const known = new Map(lines.map((line) => [line.id, line]));
  const arrived = given.map(({ lineId, quantity }, i): Arrived => {
    const line = known.get(lineId);
    if (!line) throw unknownLine(i);
    const { stockItemId, unit, shipped, cost } = line;
    const received = line.received + quantity;
    if (received > shipped) throw tooMuch(line, i);
    known.set(lineId, { ...line, received });
    const part = cost && { ...cost, micros: proportionOf(cost.micros, quantity, shipped, line.received) };
    return { stockItemId, unit, quantity, cost: part };
  });
  const after = [...known.values()];
  const all = after.every(({ received, shipped }) => received === shipped);
  return { status: become(status, all ? 'received' : 'partly_received'), lines: after, arrived };
}

/** A line that the transfer does not have. */
export const unknownLine = (i: number): Refusal =>
  new Refusal('reference_unknown', 'The transfer has no such line.', {
    errors: [{ pointer: `/lines/${i}/lineId`, detail: 'The transfer has no such line.' }],
  });

function tooMuch({ shipped, received, unit }: TransferLine, i: number): Refusal {
  const sentence = `Only ${shipped - received} ${unit} are on their way.`;
  return new Refusal('exceeds_shipped', sentence, { errors: [{ pointer: `/lines/${i}/quantity`, detail: sentence }] });
}
