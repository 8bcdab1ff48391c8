// npm run fuzz: sends every route what a machine thought of, for as long as that takes. Options follow `--`.
import { launch } from './launch/launch.mjs';

void launch((steps) => steps.run(['scripts/test/fuzz.ts', ...process.argv.slice(2)], { progress: process.stdout }));
