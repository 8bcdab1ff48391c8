import type { StockItem, Unit } from '@comanda/contracts';
import { newId, Refusal, refuseTaken, type Tx } from '@comanda/platform';
import { StockItemRow } from './stock-item.entity.js';

type Thresholds = Pick<StockItem, 'lowAt' | 'recoveredAt' | 'floor'>;
type Changeable = Thresholds & Pick<StockItem, 'name' | 'pieceWeightMg'>;
export type NewStockItem = Changeable & { id?: string | undefined; unit: Unit };

export async function createStockItem(
  tx: Tx,
  organizationId: string,
  { id = newId(), ...fields }: NewStockItem,
): Promise<StockItemRow> {
  requireThresholds(fields);
  const now = new Date();
  const row: StockItemRow = { id, organizationId, ...fields, version: 1, createdAt: now, updatedAt: now };
  await refuseTaken(tx.insert(StockItemRow, row), 'A stock item with this id exists.');
  return row;
}

/** Locks the stock item until the transaction ends, so that its versions follow one another. */
export async function lockStockItem(tx: Tx, id: string): Promise<StockItemRow> {
  const row = await tx.findOne(StockItemRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!row) throw new Refusal('not_found', 'There is no such stock item.');
  return row;
}

export async function changeStockItem(tx: Tx, row: StockItemRow, change: Partial<Changeable>): Promise<StockItemRow> {
  const changed = Object.assign(row, change, { version: row.version + 1, updatedAt: new Date() });
  requireThresholds(changed);
  await tx.update(StockItemRow, { id: row.id }, changed);
  return changed;
}

export function toStockItem(row: StockItemRow): StockItem {
  const { organizationId: _, createdAt, updatedAt, ...fields } = row;
  return { ...fields, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** Low and recovered in the wrong order would tell of every sale. */
function requireThresholds({ lowAt, recoveredAt }: Thresholds): void {
  if (recoveredAt === null || (lowAt !== null && recoveredAt > lowAt)) return;
  throw new Refusal('thresholds_invalid', 'recoveredAt must be above lowAt.', {
    errors: [{ pointer: '/recoveredAt', detail: 'Must be above lowAt.' }],
  });
}
