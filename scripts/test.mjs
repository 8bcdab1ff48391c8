// npm test: sets up everything that tests need, runs them, and says how many there were.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['scripts/test/run.ts', ...process.argv.slice(2)], { progress: process.stdout, build: false }),
);
