import { type Envelope, StockMoved } from '@comanda/contracts';
import { Columns, runPrepared, type Tx } from '@comanda/platform';
import { millisecondsBetween } from '../delay.js';

/** What is told of stock. */
export const STOCK_NEWS = [StockMoved] as const;
export type StockNews = Envelope<typeof StockMoved>;

/** Keeps movements, which never change. */
export async function keepStock(tx: Tx, organizationId: string, news: readonly StockNews[]): Promise<void> {
  const movements = new Map(
    news.flatMap(({ aggregateVersion: version, recordedAt, data: { kind, locationId, movements: moved } }) =>
      moved.map(({ id, stockItemId, quantity, unit, cost, orderId, lineId, businessDate, occurredAt }) => [
        id,
        {
          movementId: id,
          version,
          locationId,
          stockItemId,
          kind,
          quantity,
          unit,
          costMicros: cost?.micros ?? null,
          costCurrency: cost?.currency ?? null,
          orderId,
          lineId,
          businessDate,
          occurredAt,
          delayMs: millisecondsBetween(occurredAt, recordedAt),
        },
      ]),
    ),
  );
  await runPrepared(tx, KEEP, [organizationId, ...MOVEMENTS.of([...movements.values()])]);
}

const MOVEMENTS = new Columns(
  {
    movementId: 'uuid',
    version: 'integer',
    locationId: 'uuid',
    stockItemId: 'uuid',
    kind: 'text',
    quantity: 'bigint',
    unit: 'text',
    costMicros: 'bigint',
    costCurrency: 'text',
    orderId: 'uuid',
    lineId: 'uuid',
    businessDate: 'date',
    occurredAt: 'timestamptz',
    delayMs: 'bigint',
  },
  2,
);

// Rows are locked in the order of their ids.
const KEEP = {
  name: 'stock_movements.keep',
  text: `
    insert into stock_movements as known (organization_id, movement_id, version, location_id, stock_item_id, kind, quantity,
      unit, cost_micros, cost_currency, order_id, line_id, business_date, occurred_at, delay_ms)
    select $1::uuid, "movementId", version, "locationId", "stockItemId", kind, quantity, unit, "costMicros", "costCurrency",
      "orderId", "lineId", "businessDate", "occurredAt", "delayMs"
    from ${MOVEMENTS.given}
    order by "movementId"
    on conflict (organization_id, movement_id) do update
      set version = excluded.version, location_id = excluded.location_id, stock_item_id = excluded.stock_item_id,
        kind = excluded.kind, quantity = excluded.quantity, unit = excluded.unit, cost_micros = excluded.cost_micros,
        cost_currency = excluded.cost_currency, order_id = excluded.order_id,
        line_id = excluded.line_id, business_date = excluded.business_date, occurred_at = excluded.occurred_at, delay_ms = excluded.delay_ms
      where known.version < excluded.version`,
};
