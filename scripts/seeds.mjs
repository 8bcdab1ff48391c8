// npm run seeds: evenings of the simulator, each from one seed. Options follow `--`; stdout is the sum alone.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['apps/simulator/dist/src/main.js', ...process.argv.slice(2)], { progress: process.stderr }),
);
