/** Why the bench ended, for whoever started it from a script. */
export const EXIT = { measured: 0, wrong: 1, mistyped: 2, unavailable: 3 } as const;

/** The bench cannot go on: one sentence for the person who started it. */
export class BenchFailure extends Error {
  override readonly name = 'BenchFailure';

  constructor(
    sentence: string,
    readonly exitCode: number = EXIT.unavailable,
  ) {
    super(sentence);
  }
}
