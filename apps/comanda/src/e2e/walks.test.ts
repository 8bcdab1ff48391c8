import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
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

describe('typed as it stands, after what README says of the shell,', () => {
  test('README leads from a running platform to a paid order, its stock movements and its points', async () => {
    const said = await typed(await commandsIn('README.md'));
    expect(said.slice(0, 2)).toEqual(["{ amount: 2650, currency: 'USD' }", "{ amount: 2950, currency: 'USD' }"]);
    expect(said.join('\n')).toMatch(/'-\d+ g'/);
    expect(said.slice(-2)).toEqual(['26', 'paid']);
  });

  test('the guide to integrating a point of sale leads from a key to a completed order', async () => {
    const [unchanged, total, number, replayed, ...rest] = await typed([
      ...(await shell()),
      ...(await commandsIn('docs/guides/integrate-your-point-of-sale.md')),
    ]);
    expect([unchanged, total]).toEqual(['304', "{ amount: 3200, currency: 'USD' }"]);
    expect(Number(number)).toBeGreaterThan(0);
    expect(replayed?.toLowerCase()).toBe('idempotency-replayed: true');
    expect(rest).toEqual(['2', 'version_stale', '14', 'fired', 'ready', '1', 'completed', '/lines/0/variationId']);
  });

  test('the guide to payments leads through cash, cards, tips, tabs, silence, refunds and the ledger', async () => {
    const said = await typed([...(await shell()), ...(await commandsIn('docs/guides/take-payments.md'))]);
    expect(said).toEqual([
      "{ amount: 675, currency: 'USD' }",
      'captured',
      '1950',
      '0',
      'payment_declined',
      'captured',
      '2650',
      '4000',
      '3050',
      'unknown',
      'captured',
      '500',
      'succeeded',
      '800',
      '0',
    ]);
  }, 120_000);
});

test.each(['README.md', 'docs/guides/integrate-your-point-of-sale.md', 'docs/guides/take-payments.md'])(
  '%s has no command that no test runs',
  async (document) => {
    const blocks = [...(await textOf(document)).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)];
    expect(blocks.map(([, language]) => language)).toEqual(blocks.map(() => 'sh'));
  },
);

const textOf = (document: string): Promise<string> => readFile(join(ROOT, document), 'utf8');

/** What a document says to type, but for what is tested elsewhere. */
async function commandsIn(document: string): Promise<string[]> {
  const lines = [...(await textOf(document)).matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  return lines.filter((line) => !ELSEWHERE.includes(line.trim()));
}

/** What README says to type before anything else: who asks, and how. */
async function shell(): Promise<string[]> {
  const lines = await commandsIn('README.md');
  return lines.slice(0, lines.findIndex((line) => line.startsWith('post()')) + 1);
}

/** The lines that come of typing these. */
async function typed(lines: readonly string[]): Promise<string[]> {
  const script = join(platform.folder, 'walk.sh');
  await writeFile(script, `set -euo pipefail\n${lines.join('\n').replaceAll('http://localhost:8080', baseUrl)}\n`);
  // As in a terminal that was not told to force colours: Node prints none into a pipe.
  const { FORCE_COLOR: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)('bash', [script], {
    cwd: platform.folder,
    env: { ...environment, PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}` },
  });
  return stdout.trim().split('\n');
}
