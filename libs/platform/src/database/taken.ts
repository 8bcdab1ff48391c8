import { Refusal } from '../refusal.js';
import { codeOf } from './faults.js';

/** Turns the unique violation of an id that a client minted into a refusal. */
export async function refuseTaken<T>(insert: Promise<T>, sentence: string): Promise<T> {
  try {
    return await insert;
  } catch (error) {
    throw codeOf(error) === '23505' ? new Refusal('id_taken', sentence, {}, { cause: error }) : error;
  }
}
