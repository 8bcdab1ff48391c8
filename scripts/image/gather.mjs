// Puts together what an image holds of a built workspace: node gather.mjs SERVICE TARGET. That is the service, and the packages that
// it runs on, each where it is: ours and others', but none that only builds or tests.
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

import { packagesFor, root } from './packages.mjs';

/** Builds for browsers and bundlers beside the one that Node loads. */
const UNUSED = ['typeorm/browser', 'rxjs/dist/bundles', 'rxjs/dist/esm', 'rxjs/dist/esm5', 'rxjs/src'];

const [service = '', target = ''] = process.argv.slice(2);
const app = join('apps', service);
if (!service || !existsSync(join(root, app, 'dist'))) throw new Error(`There is no built ${app}.`);

for (const [path, folder] of packagesFor(app)) {
  const isOurs = !folder.includes('node_modules');
  for (const part of isOurs ? ['package.json', 'dist', 'data'] : ['.']) copy(join(folder, part));
  if (path !== folder) link(path, folder);
}
cpSync(join(root, 'scripts', 'image', 'health.mjs'), join(target, 'health.mjs'));
link('service', app);

/** @param {string} path */
function copy(path) {
  const from = join(root, path);
  if (!existsSync(from)) return;
  // A package's own packages are found and copied one by one.
  const isWanted = (/** @type {string} */ file) => file === from || (basename(file) !== 'node_modules' && isRun(file));
  cpSync(from, join(target, path), { recursive: true, filter: isWanted });
}

/**
 * @param {string} path
 * @param {string} folder
 */
function link(path, folder) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  symlinkSync(relative(dirname(path), folder), join(target, path));
}

/**
 * Whether a file is for running: types, maps, tests and documents are for people and tools; licences stay.
 *
 * @param {string} path
 */
function isRun(path) {
  const name = basename(path);
  if (/^(licen[cs]e|notice|copying)/i.test(name)) return true;
  if (/\.([cm]?ts|map|tsbuildinfo|md|markdown|flow)$|\.test\.js$/i.test(name)) return false;
  if (name === 'testing' && path.split(sep).includes('dist')) return false;
  return !UNUSED.some((folder) => path.endsWith(join('node_modules', folder)));
}
