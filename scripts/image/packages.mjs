import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the workspace. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The packages that one runs on, itself among them: where they are found, and where they are, both below the root. Optional ones
 * are left out: they are PostgreSQL for a laptop, and what others do without.
 *
 * @param {string} first
 * @returns {Map<string, string>}
 */
export function packagesFor(first) {
  const found = new Map();
  const need = (/** @type {string} */ path) => {
    if (found.has(path)) return;
    const folder = relative(root, realpathSync(join(root, path)));
    found.set(path, folder);
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const optional = { ...manifest.optionalDependencies, ...manifest.peerDependenciesMeta };
    for (const name of Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies }))
      if (!(name in optional)) need(resolved(name, folder));
  };
  need(first);
  return found;
}

/**
 * Where a package finds another: in the nearest node_modules that has it.
 *
 * @param {string} name
 * @param {string} from
 * @returns {string}
 */
function resolved(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(root, path))) return path;
    if (folder === '.') throw new Error(`${from} needs ${name}, which is not installed.`);
  }
}
