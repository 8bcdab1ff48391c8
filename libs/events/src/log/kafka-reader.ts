import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { within } from '../waiting.js';
import type { StoredRecord } from './event-log.js';
import { asAdmin, boundsOf } from './kafka-admin.js';
import { recordsOf } from './kafka-records.js';

/** Reads a topic from its start to where it ends now, through a group that is gone afterwards. */
export async function* readTopic(kafka: Kafka, topic: string): AsyncIterable<StoredRecord> {
  const bounds = await asAdmin(kafka, (admin) => boundsOf(admin, topic));
  const filled = bounds.filter(({ start, end }) => end > start);
  if (filled.length === 0) return;
  const ends = new Map(filled.map(({ partition, end }) => [partition, end]));
  const unread = new Set(ends.keys());
  const batches = new TransformStream<StoredRecord[], StoredRecord[]>();
  const writer = batches.writable.getWriter();
  // A reader that stops half-way cancels the stream; the write that then fails has nobody to tell.
  writer.closed.catch(() => undefined);
  const groupId = `comanda.read.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: READER_SESSION,
    maxWaitTimeInMs: 250,
    retry: { restartOnFailure: async () => false },
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => void writer.abort(payload.error).catch(() => undefined));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        await writer.write(recordsOf(batch)).catch(() => undefined);
        if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) unread.delete(batch.partition);
        if (unread.size === 0) await writer.close().catch(() => undefined);
      },
    });
    for await (const batch of batches.readable)
      for (const record of batch) if (record.offset < (ends.get(record.partition) ?? 0)) yield record;
  } finally {
    await within(5_000, consumer.disconnect());
  }
}

/** A slow reader keeps its partitions this long, in milliseconds. */
const READER_SESSION = 5 * 60_000;
