import { program } from './run/program.js';

await program.parseAsync();
