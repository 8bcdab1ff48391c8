// npm runs this ("dependencies") each time it has changed node_modules.
import { join } from 'node:path';

import { noteInstalled } from './launch/install.mjs';
import { root } from './launch/steps.mjs';
import { completeLock } from './lock-platforms.mjs';

const added = await completeLock(join(root, 'package-lock.json'));
if (added > 0) console.log(`package-lock.json: put back ${added} optional packages of other platforms`);
await noteInstalled(root);
