// npm run ops: what an operator asks of clusters. Options follow `--`.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['scripts/ops/main.ts', ...process.argv.slice(2)], { progress: process.stderr, build: false }),
);
