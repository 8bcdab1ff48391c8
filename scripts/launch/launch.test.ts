import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { eventually } from '@comanda/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const scripts = fileURLToPath(new URL('..', import.meta.url));
const packages = join(dirname(scripts), 'node_modules');

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'comanda-launch-')));
/** Where nothing is installed or built yet, and where everything is. */
const [untouched, ready] = [join(scratch, 'untouched'), join(scratch, 'ready')];
let checkout: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  makeCheckout(untouched);
  cpSync(untouched, ready, { recursive: true, verbatimSymlinks: true });
  checkout = ready;
  expect(await whole(start('start'))).toMatchObject({ code: 0 });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let copies = 0;

function copyOf(original: string): void {
  checkout = join(scratch, `copy-${(copies += 1)}`);
  cpSync(original, checkout, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** As small as can be: our scripts, a lock file with two packages from next door, and a program to start. */
function makeCheckout(folder: string): void {
  const write = (file: string, content: unknown) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  };
  cpSync(scripts, join(folder, 'scripts'), { recursive: true, filter: (path) => !/(dist|\.test\.ts)$/.test(path) });
  write('vendor/node/package.json', { name: 'node', version: '1.0.0' });
  symlinkSync(join(packages, 'node', 'bin'), join(folder, 'vendor', 'node', 'bin'));
  write('vendor/typescript-native/package.json', { name: 'typescript-native', version: '1.0.0', type: 'module' });
  write('vendor/typescript-native/bin/tsc', `import '${join(packages, 'typescript-native', 'lib', 'tsc.js')}';`);
  const dependencies = { node: 'file:vendor/node', 'typescript-native': 'file:vendor/typescript-native' };
  write('package.json', {
    name: 'checkout',
    version: '1.0.0',
    type: 'module',
    dependencies,
    scripts: { start: 'exec node scripts/start.mjs', postinstall: 'echo installed >> installations.log' },
  });
  write('package-lock.json', {
    name: 'checkout',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'checkout', version: '1.0.0', dependencies },
      'node_modules/node': { resolved: 'vendor/node', link: true },
      'node_modules/typescript-native': { resolved: 'vendor/typescript-native', link: true },
      'vendor/node': { version: '1.0.0' },
      'vendor/typescript-native': { version: '1.0.0' },
    },
  });
  write('tsconfig.json', {
    compilerOptions: { rootDir: 'src', outDir: 'dist', types: [], skipLibCheck: true },
    include: ['src'],
  });
  write('src/menu.ts', `export const pizza: string = 'margherita';`);
  write('apps/comanda/dist/src/main.js', program);
}

/** Says how it was started; told to wait, it stays until it is asked to stop. */
const program = `
import { writeFileSync } from 'node:fs';
const [, , ...args] = process.argv;
console.log(JSON.stringify({ args, node: process.execPath }));
writeFileSync('pid', String(process.pid));
if (args.includes('--wait')) {
  setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => { console.log('closed'); process.exit(0); });
}
if (args.includes('--refuse')) process.exitCode = 3;
`;

interface Run {
  child: ChildProcess;
  said: { out: string; err: string };
  ended: Promise<number | null>;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(command, args, {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  return { child, said, ended: once(child, 'close').then(([code]) => code) };
}

/** With the Node of the tests standing in for whatever a machine has. */
function start(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Run {
  return run(process.execPath, [`scripts/${script}.mjs`, ...args], env);
}

async function whole(started: Run): Promise<{ code: number | null; out: string; err: string }> {
  return { code: await started.ended, ...started.said };
}

async function waiting(started: Run): Promise<void> {
  await eventually(() => started.said.out.includes('"node"'), { within: 20_000 });
}

async function refusal(started: Run): Promise<string> {
  const { code, err } = await whole(started);
  expect(code).toBe(1);
  expect(err).not.toMatch(/^ {4}at /m);
  return err.trim();
}

function installations(): number {
  return readFileSync(join(checkout, 'installations.log'), 'utf8').split('\n').length - 1;
}

function pid(): number {
  return Number(readFileSync(join(checkout, 'pid'), 'utf8'));
}

function isAlive(process_: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${process_}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('from nothing', () => {
  beforeEach(() => copyOf(untouched));

  test('npm start installs what is locked, builds, and runs the platform on the pinned Node', async () => {
    const { code, out } = await whole(start('start', ['--tables', '12']));
    expect(code).toBe(0);
    const lastLine = out.trim().split('\n').at(-1)!;
    expect(JSON.parse(lastLine)).toEqual({
      args: ['start', '--tables', '12'],
      node: realpathSync(join(packages, 'node', 'bin', 'node')),
    });
    expect(readFileSync(join(checkout, 'dist', 'menu.js'), 'utf8')).toContain('margherita');
  });

  test('what Node has compiled is kept for the next start', async () => {
    expect(await whole(start('start', [], { NODE_COMPILE_CACHE: undefined }))).toMatchObject({ code: 0 });
    expect(readdirSync(join(checkout, '.cache', 'compiled'))).not.toEqual([]);
  });

  test('the command line keeps stdout for its own output, from the first time on', async () => {
    const { code, out } = await whole(start('comanda', ['audit', '--json']));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ args: ['audit', '--json'] });
  });

  test('of two starts at once one installs, and both run', async () => {
    const [one, other] = await Promise.all([whole(start('start', ['one'])), whole(start('start', ['other']))]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(installations()).toBe(1);
    expect(one.out + other.out).toMatch(/waiting for process \d+, which is installing or building/);
  });

  test('a start that was killed while it installed does not stand in the way of the next', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(gone, 'exit');
    mkdirSync(join(checkout, '.cache'));
    writeFileSync(join(checkout, '.cache', 'preparing'), `${gone.pid}\n`);
    expect((await whole(start('start'))).code).toBe(0);
  });
});

describe('once everything is there', () => {
  beforeEach(() => copyOf(ready));

  test("the exit code is the program's own", async () => {
    expect((await whole(start('comanda', ['--refuse']))).code).toBe(3);
  });

  test('the second start installs nothing; a new lock file is installed', async () => {
    await whole(start('start'));
    expect(installations()).toBe(1);
    writeFileSync(
      join(checkout, 'package-lock.json'),
      `${readFileSync(join(checkout, 'package-lock.json'), 'utf8')}\n`,
    );
    await whole(start('start'));
    expect(installations()).toBe(2);
  });
});

describe('stopping', () => {
  beforeEach(() => copyOf(ready));

  test('SIGTERM reaches the platform, which closes in its own way', async () => {
    const started = start('start', ['--wait']);
    await waiting(started);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
    expect(started.said.out).toContain('closed');
  });

  test('the platform does not outlive a start that was killed', async ({ skip }) => {
    skip(process.platform !== 'linux', 'it takes something that only Linux has');
    const started = start('start', ['--wait']);
    await waiting(started);
    started.child.kill('SIGKILL');
    await eventually(() => !isAlive(pid()), { within: 5_000 });
  });

  test('nor npm that was killed', async ({ skip }) => {
    skip(process.platform !== 'linux', 'it takes something that only Linux has');
    const started = run('npm', ['start', '--', '--wait']);
    await waiting(started);
    started.child.kill('SIGKILL');
    await eventually(() => !isAlive(pid()), { within: 5_000 });
  });
});

describe('one clear sentence, exit code 1, no stack trace', () => {
  beforeEach(() => copyOf(untouched));

  test('when Node is too old', async () => {
    const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } })`;
    const started = run(process.execPath, ['--import', old, 'scripts/start.mjs']);
    expect(await refusal(started)).toBe(
      'Comanda needs Node 20 or later to start, and this is Node 18.20.4: install a newer one from https://nodejs.org.',
    );
  });

  test.each(['start', 'test', 'comanda'])('when Node is too old even to wait at the top of %s.mjs', (script) => {
    expect(readFileSync(join(scripts, `${script}.mjs`), 'utf8')).not.toMatch(/^await /m);
  });

  test('when the packages cannot be installed, after what npm said', async () => {
    const lock = join(checkout, 'package-lock.json');
    writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll('vendor/typescript-native', 'vendor/cobol'));
    const sentence = await refusal(start('start'));
    expect(sentence).toContain('npm error');
    expect(sentence.split('\n').at(-1)).toMatch(
      /^The packages could not be installed: npm ci ended with code \d+; what it said stands above\.$/,
    );
  });

  test('when there is no npm', async () => {
    const sentence = await refusal(start('start', [], { npm_execpath: '', PATH: checkout }));
    expect(sentence).toBe('npm could not be run (spawn npm ENOENT).');
  });

  test('when the build fails, after what the compiler said', async () => {
    copyOf(ready);
    writeFileSync(join(checkout, 'src', 'menu.ts'), `export const pizza: number = 'margherita';`);
    const sentence = await refusal(start('start'));
    expect(sentence).toContain(`src/menu.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.`);
    expect(sentence.split('\n').at(-1)).toBe('The build failed: what the compiler said stands above.');
  });

  test('when the disk is full while installing', async ({ skip }) => {
    skip(process.platform !== 'linux', 'it takes something that only Linux has');
    const npm = join(checkout, 'npm-cli.js');
    writeFileSync(npm, `import { writeFileSync } from 'node:fs';\nwriteFileSync('/dev/full', 'a package');`);
    const { code, err } = await whole(start('start', [], { npm_execpath: npm }));
    expect(code).toBe(1);
    expect(err.trim().split('\n').at(-1)).toBe(
      `The disk that holds ${checkout} is full: make room (the packages need about 1 GB) and start again.`,
    );
  });

  test('when the disk is full after that', async ({ skip }) => {
    skip(process.platform !== 'linux', 'it takes something that only Linux has');
    copyOf(ready);
    rmSync(join(checkout, 'node_modules', '.comanda-installed'));
    const npm = join(checkout, 'npm-cli.js');
    writeFileSync(
      npm,
      `import { symlinkSync } from 'node:fs';\nsymlinkSync('/dev/full', 'node_modules/.comanda-installed');`,
    );
    expect(await refusal(start('start', [], { npm_execpath: npm }))).toMatch(/^The disk that holds .* is full/);
  });
});
