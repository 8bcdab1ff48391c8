import { randomFillSync, randomInt } from 'node:crypto';

/**
 * A new id: UUID version 7 (RFC 9562, 5.7), so that rows made one after the other lie one after the other, also those of one
 * millisecond: its count starts anywhere in the lower half of twelve bits (6.2, method 1), and 62 bits are random.
 */
export function newId(): string {
  const now = Date.now();
  if (now > millisecond) count = startOf(now);
  else if (++count > LAST) count = startOf(millisecond + 1);
  if (used === RANDOM.length) {
    randomFillSync(RANDOM);
    used = 0;
  }
  const random = RANDOM.toString('hex', used, (used += 8));
  const variant = VARIANTS[Number.parseInt(random.charAt(0), 16) & 3] ?? '8';
  return `${time}-7${hex(count, 3)}-${variant}${random.slice(1, 4)}-${random.slice(4)}`;
}

/** Begins a millisecond. @returns where its count starts */
function startOf(next: number): number {
  millisecond = next;
  const text = hex(next, 12);
  time = `${text.slice(0, 8)}-${text.slice(8)}`;
  return randomInt(2048);
}

let millisecond = 0;
let time = '';
let count = 0;
const LAST = 4095;
const VARIANTS = ['8', '9', 'a', 'b'];

// Asking the system for a few random bytes costs as much as asking for a few hundred.
const RANDOM = Buffer.alloc(1024);
let used = RANDOM.length;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
