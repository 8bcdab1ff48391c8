import { randomInt } from 'node:crypto';
import { deriveKey, keyedHash } from '@comanda/platform';

/** No vowels, so that no number looks like a word; no digits, so that none looks like a payment card's. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 16;

/** A number that nobody guesses: one of 20^16, about 2^69. */
export const newNumber = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** A number as it is printed: in groups of four. */
export const printed = (number: string): string => number.replaceAll(/(.{4})(?!$)/g, '$1-');

/** The key that gift cards' numbers are hashed with. */
export const giftCardKey = (rootSecret: string): Buffer => deriveKey(rootSecret, 'gift cards');

/** What is kept of a number: who reads the table learns none. */
export const hashOf = (key: Buffer, organizationId: string, number: string): string =>
  keyedHash(key, `${organizationId} ${number}`);
