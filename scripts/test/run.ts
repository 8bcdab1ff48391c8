// npm test, on the pinned Node: builds, starts the servers that all tests share, runs the tests of every project through
// Nx, stops the servers, and ends with how many tests there were. Arguments go to Nx (`-- --projects=@comanda/orders`).
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Failure } from '../launch/failure.mjs';
import { showing } from '../launch/progress.mjs';
import { compile, root } from '../launch/steps.mjs';
import { readReport } from './report.ts';
import { addUp, closingLine, groupedByReason, testProjects } from './totals.ts';
import type { Totals } from './totals.ts';

const since = Date.now();
const selection = process.argv.slice(2);
const required = process.env['REQUIRE_REAL'] === '1';
const PLATFORM = '@comanda/comanda';
const totals = await run().catch((error: unknown) => {
  console.error(error);
  return failedOnly('npm test', error instanceof Error ? error.message : String(error));
});
if (totals.skipped.length > 0) console.log(`\nskipped:\n${groupedByReason(totals.skipped)}`);
if (totals.failed.length > 0) console.log(`\nfailed:\n${groupedByReason(totals.failed)}`);
console.log(`\nin ${Math.round((Date.now() - since) / 1000)} s`);
console.log(closingLine(totals));
process.exitCode = totals.failed.length > 0 || (required && totals.skipped.length > 0) ? 1 : 0;

async function run(): Promise<Totals> {
  try {
    await showing(process.stdout, 'building', compile);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return failedOnly('npm run build', error.message);
  }
  // What follows is written in our own packages, which are only now there to be loaded.
  const { provision } = await import('./provision.ts');
  const missing = await provision({ required });
  if (required && missing.size > 0) {
    return {
      passed: 0,
      failed: [...missing].map(([name, why]) => ({ name: `REQUIRE_REAL=1 needs ${name}`, why })),
      skipped: [],
    };
  }
  for (const [what, why] of missing) console.log(`without ${what}: ${why}`);

  const { inScratch } = await import('./scratch.ts');
  const { withServers } = await import('./servers.ts');
  const { runNx } = await import('./nx.ts');
  await rm(join(root, 'reports'), { recursive: true, force: true });
  const outcome = await inScratch((folder) => {
    process.env['TMPDIR'] = folder;
    return withServers(missing, (environment) => runNx(lanesOf(selection), environment));
  });
  if (typeof outcome === 'string') return failedOnly('npm test', `it was interrupted by ${outcome}`);
  // Of a selection we know only what was reported; of the whole, also what should have been.
  const projects = testProjects(root).filter((project) => selection.length === 0 || readReport(root, project));
  const counted = addUp(root, projects);
  if (outcome !== 0 && counted.failed.length === 0) {
    counted.failed.push({
      name: 'npm test',
      why: `Nx ended with code ${outcome}, though no test is known to have failed`,
    });
  }
  return counted;
}

/**
 * What Nx is told, side by side. It would begin the project that depends on all others last, and that one's tests, which
 * run the whole platform, take as long as everybody else's: they have a lane of their own. Beside it two projects at once keep
 * the cores busy, for much of what they do is to wait for a database.
 */
function lanesOf(selected: readonly string[]): string[][] {
  const all = ['run-many', '-t', 'test', '--output-style=stream'];
  if (selected.length > 0) return [[...all, ...selected]];
  return [
    [...all, `--projects=${PLATFORM}`],
    [...all, `--exclude=${PLATFORM}`, '--parallel=2'],
  ];
}

function failedOnly(name: string, why: string): Totals {
  return { passed: 0, failed: [{ name, why }], skipped: [] };
}
