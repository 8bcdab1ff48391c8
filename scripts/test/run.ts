// npm test, on the pinned Node: builds, starts the servers that all tests share, runs the tests of every project through
// Nx, stops the servers, and ends with how many tests there were. Arguments go to Nx (`-- --projects=@comanda/orders`).
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Failure } from '../launch/failure.mjs';
import { showing } from '../launch/progress.mjs';
import { compile, root } from '../launch/steps.mjs';
import { addUp, closingLine, groupedByReason, testProjects } from './totals.ts';
import type { Totals } from './totals.ts';

const since = Date.now();
const required = process.env['REQUIRE_REAL'] === '1';
const totals = await run();
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
    return { passed: 0, failed: [{ name: 'npm run build', why: error.message }], skipped: [] };
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

  const { withServers } = await import('./servers.ts');
  const { runNx } = await import('./nx.ts');
  await rm(join(root, 'reports'), { recursive: true, force: true });
  const code = await withServers(missing, (environment) =>
    runNx(['run-many', '-t', 'test', '--output-style=stream', ...process.argv.slice(2)], environment),
  );
  const counted = addUp(root, testProjects(root));
  if (code !== 0 && counted.failed.length === 0) {
    counted.failed.push({
      name: 'nx run-many -t test',
      why: `ended with code ${code}, though no test is known to have failed`,
    });
  }
  return counted;
}
