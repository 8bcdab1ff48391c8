#!/usr/bin/env node
import { program } from './cli/program.js';
import { sentenceOf, CommandFailure } from './cli/failure.js';
import { complain } from './cli/output.js';

// Whoever reads may have seen enough: comanda keys list | head -1
process.stdout.once('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program().parseAsync();
  // Clients keep connections open for the next request; there is none.
  process.exit();
} catch (error) {
  const sentence = sentenceOf(error);
  complain(sentence ?? String((error as Error).stack ?? error));
  process.exit(error instanceof CommandFailure ? error.exitCode : 1);
}
