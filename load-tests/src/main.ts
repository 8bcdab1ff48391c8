import { HELP, readOptions } from './options.js';
import { runProgram } from './program.js';

await runProgram({ help: HELP, read: readOptions, run: async (options) => (await import('./run.js')).run(options) });
