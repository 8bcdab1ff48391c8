// npm run e2e:k8s: the platform on a real Kubernetes cluster. Options follow `--`.
import { launch } from './launch/launch.mjs';

void launch((steps) => steps.run(['k8s/e2e/dist/src/main.js', ...process.argv.slice(2)], { progress: process.stderr }));
