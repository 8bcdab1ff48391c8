import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Where a package's built program is. */
export const programOf = (app: string): string =>
  fileURLToPath(new URL(`../../../../${app}/dist/src/main.js`, import.meta.url));

/**
 * Puts each built program into a few files instead of the 2,700 that it loads otherwise: what is killed a thousand times is
 * up again with a third of the work.
 * @returns where the program of an app is now
 */
export async function packPrograms(apps: readonly string[], folder: string): Promise<(app: string) => string> {
  const bundle = await rolldown({
    input: Object.fromEntries(apps.map((app) => [app, programOf(app)])),
    platform: 'node',
    // TypeORM looks for its driver by itself, and there must be one of it.
    external: ['pg'],
    // Nest and TypeORM look for packages that nobody here has.
    onLog: () => undefined,
  });
  // Migrations go by the names of their classes.
  await bundle.write({
    dir: folder,
    format: 'esm',
    keepNames: true,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  });
  await bundle.close();
  await symlink(fileURLToPath(new URL('../../../../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  return (app) => join(folder, `${app}.mjs`);
}
