// npm run bench: how fast it is, beside its peers, in ratios taken in one run. Options follow `--`; stdout is the figures alone.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['load-tests/dist/src/main.js', ...process.argv.slice(2)], { progress: process.stderr }),
);
