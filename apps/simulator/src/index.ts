export { simulate, type SimulateOptions, type Summary } from './commands/simulate.js';
