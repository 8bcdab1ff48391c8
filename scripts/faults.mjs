// npm run faults: what goes wrong on the worst Friday of the year, on real processes. Options follow `--`.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['apps/faults/dist/src/main.js', ...process.argv.slice(2)], { progress: process.stderr }),
);
