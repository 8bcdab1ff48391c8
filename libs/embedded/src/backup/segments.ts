/** A write-ahead log file's name: timeline, then its place, 24 hexadecimal digits. */
const NAME = /^[0-9A-F]{24}$/;

/** The segments among these files which lie between two others, both included, in order. */
export const segmentsBetween = (files: readonly string[], first: string, last: string): string[] =>
  files
    .filter((name) => NAME.test(name) && timelineOf(name) === timelineOf(last) && name >= first && name <= last)
    .sort();

/** The segment that follows another one: 256 of 16 MiB share a number. */
export function segmentAfter(name: string): string {
  const place = BigInt(`0x${name.slice(8, 16)}`) * SEGMENTS + BigInt(`0x${name.slice(16)}`) + 1n;
  return `${name.slice(0, 8)}${hex(place / SEGMENTS)}${hex(place % SEGMENTS)}`;
}

/** Which history of the server a segment belongs to: each restore begins another. */
export const timelineOf = (name: string): string => name.slice(0, 8);

const SEGMENTS = 256n;
const hex = (number: bigint): string => number.toString(16).toUpperCase().padStart(8, '0');
