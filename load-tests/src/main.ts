import { BenchFailure, EXIT } from './failure.js';
import { HELP, readOptions } from './options.js';

// What is measured with is loaded only when something is: it is the whole platform.
try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(HELP);
  else await (await import('./run.js')).run(options);
} catch (error) {
  const { sentence, exitCode } = explained(error);
  console.error(sentence);
  process.exitCode = exitCode;
}
process.exit(process.exitCode ?? EXIT.measured);

/** What an error means to whoever started the bench; a defect of ours shows its stack. */
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
