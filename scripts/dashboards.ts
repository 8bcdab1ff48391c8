// npm run dashboards: writes Grafana's dashboards to charts/comanda/dashboards from what stands in scripts/dashboards.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FILES } from './dashboards/all.ts';
import { root } from './launch/steps.mjs';

const folder = join(root, 'charts', 'comanda', 'dashboards');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [file, content] of FILES) await writeFile(join(folder, file), content);
console.log(`Written: ${[...FILES.keys()].join(', ')}`);
