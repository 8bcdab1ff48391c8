import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { describeReal, testPage } from '@comanda/testing';
import * as fc from 'fast-check';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { anyCart } from './testing/carts.js';
import { clockAt, everythingOf } from './testing/everything.js';

type Page = Awaited<ReturnType<typeof testPage>>;

/** As the page has it. */
declare const engine: typeof import('./testing/everything.js');

describeReal('chromium', 'the engine in a browser', () => {
  let page: Page;
  let carts: string[];
  beforeAll(async () => {
    carts = fc.sample(anyCart(), { seed: 20_151_231, numRuns: 10_000 }).map((cart) => JSON.stringify(cart));
    page = await testPage();
    await page.addScriptTag({ content: await bundled() });
  });

  test('terminal engine == server engine byte-equal, for 10,000 random carts (server half)', async () => {
    let totals = 0;
    for (let at = 0; at < carts.length; at += 1_000) {
      const thousand = carts.slice(at, at + 1_000);
      const here = thousand.map(everythingOf);
      // One text each way: what is passed piece by piece is looked at piece by piece.
      const answered = await page.evaluate(
        (all) => all.split('\n').map(engine.everythingOf).join('\n'),
        thousand.join('\n'),
      );
      const there = answered.split('\n');
      const differs = here.findIndex((bytes, cart) => bytes !== there[cart]);
      expect(there[differs], `of the cart ${thousand[differs]}`).toBe(here[differs]);
      expect(hashOf(there)).toBe(hashOf(here));
      totals += here.filter((bytes) => bytes.startsWith('{"priced"')).length;
    }
    expect(totals).toBeGreaterThan(8_000);
  });

  test('the clock on the wall is the same, through both nights in which it is changed', async () => {
    const zones = ['America/Chicago', 'Europe/Rome', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Tokyo'];
    const nights = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'];
    const asked = nights.flatMap((night) =>
      Array.from({ length: 96 }, (_, quarter) =>
        zones.map((zone): [string, string] => [
          new Date(Date.parse(`${night}T00:00:00Z`) + quarter * 900_000).toISOString(),
          zone,
        ]),
      ).flat(),
    );
    const there = await page.evaluate((all) => all.map(([at, zone]) => engine.clockAt(at, zone)), asked);
    expect(there).toEqual(asked.map(([at, zone]) => clockAt(at, zone)));
  });
});

/** The engine as one script, made from source as a browser would get it. */
async function bundled(): Promise<string> {
  const entry = fileURLToPath(new URL('testing/everything.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@comanda/source', 'module', 'browser'] },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'engine' } },
  });
  const [bundle] = [built].flat();
  const [chunk] = bundle && 'output' in bundle ? bundle.output : [];
  if (!chunk) throw new Error('The engine was not bundled.');
  return chunk.code;
}

const hashOf = (answers: readonly string[]): string => createHash('sha256').update(answers.join('\n')).digest('hex');
