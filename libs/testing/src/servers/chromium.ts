import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a Chromium is, by one of the names that it goes by; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}
