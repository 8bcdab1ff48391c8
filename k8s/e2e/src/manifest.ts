import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file of this package's folder `manifests`. */
export const manifest = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../manifests/${name}.yaml`, import.meta.url)), 'utf8');
