import { BenchFailure, EXIT } from './failure.js';

export interface Program<Options> {
  readonly help: string;
  readonly read: (args: readonly string[]) => Options | 'help';
  /** What it runs with is loaded only when something is: it is the whole platform. */
  readonly run: (options: Options) => Promise<void>;
}

/** Runs one of the programs of this package to its end: what goes wrong is one sentence on stderr, and an exit code. */
export async function runProgram<Options>({ help, read, run }: Program<Options>): Promise<never> {
  try {
    const options = read(process.argv.slice(2));
    if (options === 'help') console.log(help);
    else await run(options);
  } catch (error) {
    const { sentence, exitCode } = explained(error);
    console.error(sentence);
    process.exitCode = exitCode;
  }
  process.exit(process.exitCode ?? EXIT.measured);
}

/** What an error means to whoever started the program; a defect of ours shows its stack. */
function explained(error: unknown): { sentence: string; exitCode: number } {
  // What went wrong first; to stop what had been started may go wrong because of it.
  if (error instanceof SuppressedError) return explained(error.suppressed);
  if (error instanceof BenchFailure) return { sentence: error.message, exitCode: error.exitCode };
  const { name, message, code, stack } = error as NodeJS.ErrnoException;
  if (name === 'EmbeddedPostgresError') return { sentence: message, exitCode: EXIT.unavailable };
  if (code === 'ENOSPC') return { sentence: 'The disk is full.', exitCode: EXIT.unavailable };
  if (code === 'ECONNREFUSED') return { sentence: `Nothing answers there: ${message}.`, exitCode: EXIT.unavailable };
  return { sentence: String(stack ?? error), exitCode: EXIT.wrong };
}
