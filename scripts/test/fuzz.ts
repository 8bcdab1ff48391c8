// npm run fuzz, on the pinned Node: starts a platform of its own, lets schemathesis loose on its merged OpenAPI document,
// and stops it. What npm test does with a few examples and a fixed seed, with as many as it takes to be sure.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { pythonCommand } from '@comanda/testing/servers';

import { pinnedNode } from '../launch/pinned.mjs';
import { root } from '../launch/steps.mjs';
import { provision } from './provision.ts';
import { withoutPlatformSettings } from './servers.ts';

const help = `Usage: npm run fuzz -- [options] [-- options of schemathesis run]

Starts a platform of its own, sends every route of its API data that fits the schemas and data that does not, and checks
every answer: no 5xx, nothing undocumented, nothing accepted that the schema forbids. Takes Python 3; the rest is fetched.

Options:
  --max-examples <n>  how many requests to think of for each route; schemathesis's own default unless given
  --seed <n>          begin from this seed, which a run prints at its end
  -h, --help          show this

Exit code: 0 nothing was found, 1 something was or it could not be tried, 2 mistyped.

  npm run fuzz -- --max-examples 10
  npm run fuzz -- --seed 1 -- --include-path /v1/orders --phases fuzzing`;

interface Platform {
  readonly baseUrl: string;
  readonly apiKey: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { options, wanted, complaint } = read(process.argv.slice(2));
  if (complaint) {
    console.error(`${complaint} See npm run fuzz -- --help.`);
    return 2;
  }
  if (wanted === 'help') {
    console.log(help);
    return 0;
  }
  const missing = await provision({ required: false, reals: ['python'] });
  for (const why of missing.values()) console.error(`There is nothing to fuzz with: ${why}.`);
  if (missing.size > 0) return 1;
  // Ctrl-C reaches schemathesis and the platform by themselves; what they end with is ours.
  process.on('SIGINT', () => undefined);
  return withPlatform((platform) => fuzz(platform, options));
}

/** What was typed, as options of schemathesis. */
function read(args: string[]): { options: string[]; wanted?: 'help'; complaint?: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'max-examples': { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return { options: [], wanted: 'help' };
    const odd = (['max-examples', 'seed'] as const).find((name) => values[name] && !/^\d+$/.test(values[name]));
    if (odd) return { options: [], complaint: `--${odd} must be a whole number.` };
    const own = (['max-examples', 'seed'] as const).flatMap((name) =>
      values[name] ? [`--${name}`, values[name]] : [],
    );
    return { options: [...own, ...positionals] };
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. '); // what follows is a guess
    return { options: [], complaint: `${sentence}.` };
  }
}

/** Does the work with a platform in a folder of its own, and leaves nothing of it. */
async function withPlatform(work: (platform: Platform) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-fuzz-'));
  await chmod(folder, 0o755); // PostgreSQL runs as a user of its own where we are root
  const home = join(folder, '.comanda');
  const program = spawn(pinnedNode(root), [join(root, 'apps/comanda/dist/src/main.js'), 'start'], {
    env: { ...withoutPlatformSettings(process.env), COMANDA_HOME: home, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  try {
    await Promise.race([untilItRuns(program), ended]);
    if (program.exitCode !== null) return 1; // it has said why
    const demo: Platform = JSON.parse(await readFile(join(home, 'demo.json'), 'utf8'));
    return await work(demo);
  } finally {
    program.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

function untilItRuns({ stdout }: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve) => {
    stdout?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('Comanda is running.')) resolve();
    });
  });
}

async function fuzz({ baseUrl, apiKey }: Platform, options: readonly string[]): Promise<number> {
  const command = join(dirname(pythonCommand()), 'schemathesis');
  const credential = ['--header', `Authorization: Bearer ${apiKey}`];
  const child = spawn(
    command,
    ['run', `${baseUrl}/openapi.json`, '--checks', 'all', '--workers', '2', ...credential, ...options],
    {
      cwd: root, // where schemathesis.toml is
      stdio: 'inherit',
    },
  );
  const [code] = await once(child, 'exit');
  return code === 0 ? 0 : 1;
}
