import { CustomerErased, type Envelope, topicOf } from '@comanda/contracts';
import { type EventLog, fromRecord, type StoredRecord, UnreadableEvent } from '@comanda/events';
import { inTransaction } from '@comanda/platform';
import type { DataSource } from 'typeorm';
import { CustomerRow } from './customer.entity.js';
import { forget } from './forget.js';

/** Whom the topics say was erased, and who of them had come back and is erased again. */
export interface ErasedAgain {
  readonly known: number;
  readonly erased: number;
}

/**
 * Erases again whoever was erased after a backup had been made that was restored since: the backup brought their key back, and
 * the topics know who they are. Nothing is told anew.
 * @param db the service's own data source
 */
export async function eraseAgain(db: DataSource, log: EventLog): Promise<ErasedAgain> {
  const known = new Set<string>();
  let erased = 0;
  for await (const record of log.read(topicOf(CustomerErased.service))) {
    const event = erasureIn(record);
    if (!event) continue;
    known.add(event.subject);
    if (await forgetIfKnown(db, event)) erased += 1;
  }
  return { known: known.size, erased };
}

/** What no consumer could read was parked then, and is left out here. */
function erasureIn(record: StoredRecord): Envelope<typeof CustomerErased> | undefined {
  if (record.headers['ce_type'] !== CustomerErased.type) return undefined;
  try {
    return fromRecord(record, CustomerErased);
  } catch (error) {
    if (error instanceof UnreadableEvent) return undefined;
    throw error;
  }
}

/** Forgets a customer who is known; false when there was nothing to forget. */
function forgetIfKnown(
  db: DataSource,
  { organizationId, aggregateVersion, data: { customerId: id, erasedAt } }: Envelope<typeof CustomerErased>,
): Promise<boolean> {
  return inTransaction(db, organizationId, async (tx) => {
    const row = await tx.findOne(CustomerRow, { where: { organizationId, id }, lock: { mode: 'pessimistic_write' } });
    if (!row || row.erasedAt) return false;
    await forget(tx, row, { erasedAt: new Date(erasedAt), version: Math.max(row.version, aggregateVersion) });
    return true;
  });
}
