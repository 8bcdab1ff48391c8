import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { Failure, fullDisk } from './failure.mjs';
import { finish } from './finish.mjs';
import { pinnedNode } from './pinned.mjs';

/**
 * Whether node_modules holds what the lock file says, as far as the last installation noted.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  try {
    return readFileSync(stampFile(root), 'utf8') === stampFor(root) && existsSync(pinnedNode(root));
  } catch {
    return false;
  }
}

/**
 * Notes that node_modules now holds what the lock file says.
 *
 * @param {string} root
 */
export async function noteInstalled(root) {
  await writeFile(stampFile(root), stampFor(root));
}

/**
 * Installs exactly what the lock file says, with the npm that started us.
 *
 * @param {string} root
 */
export async function install(root) {
  const npm = process.env['npm_execpath'];
  const [command, ...first] = npm && basename(npm) === 'npm-cli.js' ? [process.execPath, npm] : ['npm'];
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await finish(command, args, { cwd: root, env: withoutNpmsOwn(process.env) });
  if (code === 0) return noteInstalled(root);
  console.error(output.split('npm error Clean install a project')[0]); // without npm's page of options
  if (output.includes('ENOSPC')) throw new Failure(fullDisk(root));
  throw new Failure(`The packages could not be installed: npm ci ended with code ${code}; what it said stands above.`);
}

/**
 * npm hands its own settings to scripts, and a second npm would take them for orders. What leads to the registry stays.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
function withoutNpmsOwn(environment) {
  const kept = /^npm_config_(registry|.*proxy|cafile|ca|strict_ssl|cache|userconfig|globalconfig|@.*|\/\/.*)$/i;
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^npm_config_/i.test(name) || kept.test(name)),
  );
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.comanda-installed');
}

/** @param {string} root */
function stampFor(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}\n`;
}
