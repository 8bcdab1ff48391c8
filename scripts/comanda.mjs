// The command line from a checkout: node scripts/comanda.mjs <command> … . stdout is the command's own.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['apps/comanda/dist/src/main.js', ...process.argv.slice(2)], { progress: process.stderr }),
);
