import { type Envelope, type EventDefinition, topicOf } from '@comanda/contracts';
import { type EventLog, fromRecord, type StoredRecord, UnreadableEvent } from '@comanda/events';
import { inTransaction, type Tx } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { FEEDBACK_NEWS, keepFeedback } from './feedback/feedback.store.js';
import { keepMoney, MONEY_NEWS } from './money/money.store.js';
import { keepSales, SALES_NEWS } from './sales/sales.store.js';
import { keepStock, STOCK_NEWS } from './stock/stock.store.js';

/** What a rebuild read, and what it could not read or found to be of nothing that the topics know. */
export interface Rebuilt {
  readonly events: number;
  readonly unreadable: number;
  readonly removed: number;
}

/**
 * Builds every read model anew from the start of the topics, while reports go on and events come in: what is there is
 * taken for older than anything, gives way to what the topics say, and goes when they say nothing of it.
 * @param db the service's own data source
 */
export async function rebuild(
  db: DataSource,
  log: EventLog,
  progress: (events: number) => void = () => undefined,
): Promise<Rebuilt> {
  const doubted = new Set<string>();
  const doubt = async (organizationId: string): Promise<void> => {
    if (doubted.has(organizationId)) return;
    doubted.add(organizationId);
    await inTransaction(db, organizationId, async (tx) => {
      for (const statement of DOUBT) await tx.query(statement);
    });
  };
  let [events, unreadable, removed] = [0, 0, 0];
  for (const model of MODELS) {
    for await (const chunk of chunksOf(log.read(topicOf(model.news[0].service)))) {
      const { told, faults } = read(chunk, model.news);
      for (const [organizationId, ofOne] of Map.groupBy(told, (event) => event.organizationId)) {
        await doubt(organizationId);
        await inTransaction(db, organizationId, (tx) => model.keep(tx, organizationId, ofOne));
      }
      [events, unreadable] = [events + told.length, unreadable + faults];
      progress(events);
    }
  }
  for (const organizationId of doubted)
    await inTransaction(db, organizationId, async (tx) => {
      for (const statement of REMOVE) removed += ((await tx.query(statement)) as [unknown, number])[1];
    });
  return { events, unreadable, removed };
}

interface Model {
  readonly news: readonly [EventDefinition, ...EventDefinition[]];
  keep(tx: Tx, organizationId: string, events: readonly Envelope[]): Promise<void>;
}

/** Each read model keeps what it is told; what it is told has been read as what it says it is. */
const model = <D extends readonly [EventDefinition, ...EventDefinition[]]>(
  news: D,
  keep: (tx: Tx, organizationId: string, events: readonly never[]) => Promise<void>,
): Model => ({ news, keep: (tx, organizationId, events) => keep(tx, organizationId, events as readonly never[]) });

const MODELS: readonly Model[] = [
  model(SALES_NEWS, keepSales),
  model(MONEY_NEWS, keepMoney),
  model(STOCK_NEWS, keepStock),
  model(FEEDBACK_NEWS, keepFeedback),
];

const TABLES = ['sold_orders', 'ledger_entries', 'tenders', 'stock_movements', 'feedback_scores'];
const DOUBT = [
  ...TABLES.map((table) => `update ${table} set version = 0`),
  // Parts are written anew only where their order sells something else.
  `update sold_orders set digest = ''`,
];
const REMOVE = [
  'delete from sale_parts using sold_orders sold where sold.version = 0 and sold.organization_id = sale_parts.organization_id and sold.order_id = sale_parts.order_id',
  ...TABLES.map((table) => `delete from ${table} where version = 0`),
];

const CHUNK = 1_000;

async function* chunksOf(records: AsyncIterable<StoredRecord>): AsyncGenerator<StoredRecord[]> {
  let chunk: StoredRecord[] = [];
  for await (const record of records) {
    chunk.push(record);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** What no consumer could read was parked then, and is left out now. */
function read(
  records: readonly StoredRecord[],
  news: readonly EventDefinition[],
): { told: Envelope[]; faults: number } {
  const kinds = new Map(news.map((definition) => [definition.type, definition]));
  const told: Envelope[] = [];
  let faults = 0;
  for (const record of records) {
    const definition = kinds.get(record.headers['ce_type'] ?? '');
    if (!definition) continue;
    try {
      told.push(fromRecord(record, definition));
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      faults++;
    }
  }
  return { told, faults };
}
