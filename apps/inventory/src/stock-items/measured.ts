import { MAX_STOCK, type ProblemCode, type Unit } from '@comanda/contracts';
import { type Fault, Refusal, type Tx } from '@comanda/platform';
import { inUnit, type Measure } from './units.js';

/** An amount of a stock item, as somebody gave it; `pointer` says where in the request. */
export interface GivenAmount {
  readonly stockItemId: string;
  readonly quantity: Measure;
  readonly pointer: string;
}

/** The same in the stock item's own unit. */
export interface OwnAmount {
  readonly stockItemId: string;
  readonly quantity: number;
  readonly unit: Unit;
}

/**
 * Amounts in their stock items' own units, in the given order.
 * @throws Refusal `reference_unknown`, `unit_mismatch` or `amount_too_large`, pointing at every line it is about
 */
export async function measured(tx: Tx, given: readonly GivenAmount[]): Promise<OwnAmount[]> {
  return inOwnUnits(given, await unitsOf(tx, [...new Set(given.map(({ stockItemId }) => stockItemId))]));
}

/** As `measured`, with the units of the stock items there are. */
function inOwnUnits(given: readonly GivenAmount[], units: ReadonlyMap<string, KeptIn>): OwnAmount[] {
  refuse(
    given.filter(({ stockItemId }) => !units.has(stockItemId)),
    'reference_unknown',
    'There is no such stock item.',
    '/stockItemId',
  );
  const own = given.map(({ stockItemId, quantity, pointer }) => {
    const { unit, pieceWeightMg } = units.get(stockItemId) ?? { unit: quantity.unit, pieceWeightMg: null };
    return { stockItemId, quantity: inUnit(quantity, unit, pieceWeightMg) ?? Number.NaN, unit, pointer };
  });
  refuse(
    own.filter(({ quantity }) => Number.isNaN(quantity)),
    'unit_mismatch',
    'The amount is no whole number of the unit in which the stock item is kept.',
    '/quantity',
  );
  refuse(
    own.filter(({ quantity }) => Math.abs(quantity) > MAX_STOCK),
    'amount_too_large',
    'That is more than anybody moves at once.',
    '/quantity',
  );
  return own.map(({ stockItemId, quantity, unit }) => ({ stockItemId, quantity, unit }));
}

/** The unit in which a stock item is kept, and what a piece of it weighs. */
interface KeptIn {
  readonly unit: Unit;
  readonly pieceWeightMg: number | null;
}

async function unitsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, KeptIn>> {
  const rows = await tx.sql<(KeptIn & { id: string })[]>`
    select id, unit, piece_weight_mg as "pieceWeightMg" from stock_items where id = any(${ids}::uuid[])`;
  return new Map(rows.map(({ id, ...kept }) => [id, kept]));
}

function refuse(lines: readonly { pointer: string }[], code: ProblemCode, sentence: string, field: string): void {
  if (lines.length === 0) return;
  const errors = lines.map(({ pointer }): Fault => ({ pointer: pointer + field, detail: sentence }));
  throw new Refusal(code, sentence, { errors });
}
