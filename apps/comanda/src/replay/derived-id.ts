import { createHash } from 'node:crypto';

/** A UUID that follows from its parts (version 8 of RFC 9562, on SHA-256): the same parts, the same id, on every run. */
export function derivedId(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Numbers between 0 (included) and 1 that follow from a text, as if thrown: the same on every run. */
export function dice(seed: string): () => number {
  let [block, at] = [createHash('sha256').update(seed).digest(), 0];
  return () => {
    if (at + 4 > block.length) [block, at] = [createHash('sha256').update(block).digest(), 0];
    const number = block.readUInt32BE(at) / 2 ** 32;
    at += 4;
    return number;
  };
}
