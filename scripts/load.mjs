// npm run load: guests who come whatever became of those before, and what becomes of them. Options follow `--`; stdout is the
// report alone.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['load-tests/dist/src/load/main.js', ...process.argv.slice(2)], { progress: process.stderr }),
);
