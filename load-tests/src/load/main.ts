import { runProgram } from '../program.js';
import { LOAD_HELP, readLoadOptions } from './options.js';

await runProgram({
  help: LOAD_HELP,
  read: readLoadOptions,
  run: async (options) => (await import('./run.js')).run(options),
});
