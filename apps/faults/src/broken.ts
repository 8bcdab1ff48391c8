/** A promise that was not kept. The message says which, and what was seen instead. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** @throws Broken with the sentence, unless the promise was kept */
export function expectThat(kept: boolean, otherwise: string): asserts kept {
  if (!kept) throw new Broken(otherwise);
}

/** The faults cannot be made here: a server, a port or a disk is missing. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
