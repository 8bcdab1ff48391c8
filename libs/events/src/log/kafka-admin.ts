import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { backOff } from '../waiting.js';

/**
 * Runs `work` with an admin connection. Tried again when the brokers say that another try may do, as they do while a
 * partition has no leader yet (kafkajs gives up there): `work` must be harmless when repeated.
 */
export async function asAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  const until = performance.now() + PATIENCE;
  try {
    for (let tries = 1; ; tries++) {
      try {
        await admin.connect();
        return await work(admin);
      } catch (error) {
        if (performance.now() > until || !(error as { retriable?: boolean }).retriable) throw error;
        await pause(backOff(tries));
      }
    }
  } finally {
    await admin.disconnect();
  }
}

/** Milliseconds: a busy broker takes a while to give each of two hundred new partitions a leader. */
const PATIENCE = 30_000;

/** Where the partitions of a topic begin and end. */
export async function boundsOf(
  admin: Admin,
  topic: string,
): Promise<{ partition: number; start: number; end: number }[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }));
}
