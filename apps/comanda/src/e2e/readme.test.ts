import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { PlatformUnderTest } from './testing/running-platform.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** These start, test and replay: other tests run what they run. */
const ELSEWHERE = ['npm start', 'npm test', 'npm run replay', 'npm run audit'];

let platform: PlatformUnderTest;
let baseUrl: string;

beforeAll(async () => {
  platform = await PlatformUnderTest.create();
  ({ baseUrl } = await platform.start());
}, 180_000);

test('README leads from a running platform to a paid order, its stock movements and its points', async () => {
  const script = join(platform.folder, 'readme.sh');
  await writeFile(
    script,
    `set -euo pipefail\n${(await commands()).join('\n').replaceAll('http://localhost:8080', baseUrl)}\n`,
  );
  // As in a terminal that was not told to force colours: Node prints none into a pipe.
  const { FORCE_COLOR: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)('bash', [script], {
    cwd: platform.folder,
    env: { ...environment, PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}` },
  });
  expect(stdout).toContain("{ amount: 2650, currency: 'USD' }");
  expect(stdout).toContain("{ amount: 2950, currency: 'USD' }");
  expect(stdout).toMatch(/'-\d+ g'/);
  expect(stdout.trim().split('\n').slice(-2)).toEqual(['26', 'paid']);
});

test('README has no command that no test runs', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)];
  expect(blocks.map(([, language]) => language)).toEqual(blocks.map(() => 'sh'));
});

/** What README says to type, but for what is tested elsewhere. */
async function commands(): Promise<string[]> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  return lines.filter((line) => !ELSEWHERE.includes(line.trim()));
}
