import { eraseAgain, loyalty } from '@comanda/loyalty';
import { print, printJson } from './output.js';
import { withService } from './with-service.js';

/** Erases customers whom a restored backup has brought back. */
export async function eraseCustomersAgain(json = false): Promise<void> {
  const again = await withService(loyalty, eraseAgain);
  if (json) printJson(again);
  else print(`Erased until now: ${again.known}. Brought back by a backup, and erased again: ${again.erased}.`);
}
