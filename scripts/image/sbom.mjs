// What is in the image of a service, as CycloneDX: node scripts/image/sbom.mjs orders > orders.cdx.json. npm tells of the whole
// workspace; told to omit what is for development it also omits what is for both. So what the image is made of is chosen here.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packagesFor, root } from './packages.mjs';

const [service = ''] = process.argv.slice(2);
const app = `apps/${service}`;
const command = ['sbom', '--sbom-format', 'cyclonedx'];
const bom = JSON.parse(execFileSync('npm', command, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
bom.metadata.component.name = `comanda-${service}`;
const inImage = new Set([...packagesFor(app).values()].map(nameIn));
const listed = new Set(bom.components.map((/** @type {{ 'bom-ref': string }} */ each) => each['bom-ref']));
const missing = [...inImage].filter((name) => name !== nameIn(app) && !listed.has(name));
if (missing.length > 0) throw new Error(`npm sbom does not tell of ${missing.join(', ')}.`);

/** @param {string} folder */
function nameIn(folder) {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return `${name}@${version}`;
}

bom.components = bom.components.filter((/** @type {{ 'bom-ref': string }} */ each) => inImage.has(each['bom-ref']));
const kept = new Set(bom.components.map((/** @type {{ 'bom-ref': string }} */ each) => each['bom-ref']));
bom.dependencies = bom.dependencies
  .filter((/** @type {{ ref: string }} */ { ref }) => kept.has(ref))
  .map((/** @type {{ ref: string, dependsOn: string[] }} */ { ref, dependsOn }) => ({
    ref,
    dependsOn: dependsOn.filter((each) => kept.has(each)),
  }));
console.log(JSON.stringify(bom, null, 2));
