#!/usr/bin/env node
import { program } from './cli/program.js';
import { sentenceOf, CommandFailure } from './cli/failure.js';
import { complain } from './cli/output.js';

// Whoever reads may have seen enough (comanda keys list | head -1): the work goes on, and nobody is told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program().parseAsync();
  // Clients keep connections open for the next request; there is none.
  process.exit();
} catch (error) {
  const sentence = await sentenceOf(error);
  complain(sentence ?? String((error as Error).stack ?? error));
  process.exit(error instanceof CommandFailure ? error.exitCode : 1);
}
