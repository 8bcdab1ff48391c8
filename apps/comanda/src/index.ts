export { program } from './cli/program.js';
