// Where a registry lacks the binaries of other platforms, `npm install` leaves them out of package-lock.json, and then
// `npm ci` refuses it ("Missing: …"). This puts them back: name, version and platform, from what the packages that
// want them say.
import { readFile, writeFile } from 'node:fs/promises';

/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, dev?: boolean, optional?: boolean, os?: string[],
 *   cpu?: string[], libc?: string[], link?: boolean, optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * The optional packages that the lock file's packages name and that it has no entry for.
 *
 * @param {Lock} lock
 * @returns {{ at: string, entry: LockedPackage }[]} where each belongs in the lock file, and what stands there
 */
export function missingPlatforms(lock) {
  return Object.entries(lock.packages).flatMap(([wanter, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(lock, wanter, name))
      .map(([name, version]) => ({ at: `node_modules/${name}`, entry: entryFor(name, version, dev) })),
  );
}

/**
 * Completes the lock file at this path.
 *
 * @param {string} path
 * @returns {Promise<number>} how many entries were added
 */
export async function completeLock(path) {
  const text = await readFile(path, 'utf8');
  /** @type {Lock} */
  const lock = JSON.parse(text);
  const missing = missingPlatforms(lock);
  if (missing.length === 0) return 0;
  for (const { at, entry } of missing) lock.packages[at] = entry;
  const inOrder = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  await writeFile(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(inOrder) }, null, 2)}\n`);
  return missing.length;
}

/**
 * Node's own rule: beside the package that wants it, or in any node_modules further up.
 *
 * @param {Lock} lock
 * @param {string} wanter
 * @param {string} name
 */
function isLocked(lock, wanter, name) {
  for (let place = wanter; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/')))) {
    if (lock.packages[place ? `${place}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!place) return false;
  }
}

/**
 * @param {string} name
 * @param {string} version
 * @param {boolean | undefined} dev
 * @returns {LockedPackage}
 */
function entryFor(name, version, dev) {
  const words = name.split(/[/-]/);
  /** @param {Record<string, string>} known */
  const said = (known) => words.flatMap((word) => known[word] ?? []);
  const [os, cpu, libc] = [said(systems), said(processors), said(libraries)];
  if (os.length === 0 || cpu.length === 0 || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new Error(`package-lock.json lacks ${name}@${version}, and its name does not tell for which platform it is.`);
  }
  return { version, cpu, ...(dev && { dev }), ...(libc.length > 0 && { libc }), optional: true, os };
}

/** @type {Record<string, string>} */
const systems = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};

/** @type {Record<string, string>} */
const processors = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
};

/** @type {Record<string, string>} */
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };
