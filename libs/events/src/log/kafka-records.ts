import type { Batch } from 'kafkajs';
import type { StoredRecord } from './event-log.js';

/** What a batch of one partition holds, as records. */
export const recordsOf = ({ topic, partition, messages }: Batch): StoredRecord[] =>
  messages.map(({ key, value, headers, offset }) => ({
    topic,
    partition,
    offset: Number(offset),
    key: key?.toString() ?? null,
    value,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, bytes]) => [name, textOf(bytes)])),
  }));

/** Of a header that was given twice, the first counts. */
const textOf = (header: Buffer | string | (Buffer | string)[] | undefined): string => String([header].flat()[0] ?? '');
