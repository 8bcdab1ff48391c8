// npm start: installs and builds what is missing, then runs the platform. Plain JavaScript, for whatever Node there is.
import { launch } from './launch/launch.mjs';

void launch((steps) =>
  steps.run(['apps/comanda/dist/src/main.js', 'start', ...process.argv.slice(2)], { progress: process.stdout }),
);
