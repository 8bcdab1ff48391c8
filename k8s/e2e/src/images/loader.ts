import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CannotRun } from '@comanda/faults/broken';
import { call } from '../cluster/program.js';

/** An image to be built. */
export interface Recipe {
  /** `localhost/comanda-orders:v1` */
  readonly name: string;
  /** The folder with its Dockerfile. */
  readonly context: string;
  readonly args?: Readonly<Record<string, string>>;
}

/** How images are built here and brought to the cluster's nodes. */
export interface Loader {
  /** Build arguments that name what images are made from, where it is not what the Dockerfile says. */
  bases(): Promise<{ readonly BASE?: string; readonly BUILD_BASE?: string }>;
  build(recipe: Recipe): Promise<void>;
  /** Brings what has been built to every node. */
  load(): Promise<void>;
}

/**
 * The loader of the cluster: the kit that CLUSTER names, or kind or k3d by the name of the current context.
 * @throws CannotRun when it is none of them
 */
export async function loaderFor(env: NodeJS.ProcessEnv = process.env): Promise<Loader> {
  if (env['CLUSTER']) return new Kit(env['CLUSTER']);
  const context = (await call('kubectl', ['config', 'current-context'])).trim();
  if (context.startsWith('kind-'))
    return new Docker((names) => ['kind', 'load', 'docker-image', ...names, '--name', context.slice('kind-'.length)]);
  if (context.startsWith('k3d-'))
    return new Docker((names) => ['k3d', 'image', 'import', ...names, '--cluster', context.slice('k3d-'.length)]);
  throw new CannotRun(
    `Images cannot be brought to the cluster of the context ${context}: it is of kind or k3d, or CLUSTER names its kit (k8s/e2e/README.md).`,
  );
}

/** Docker builds, and the tool that made the cluster loads. */
class Docker implements Loader {
  readonly #built: string[] = [];

  constructor(private readonly loading: (names: readonly string[]) => readonly string[]) {}

  bases(): Promise<object> {
    return Promise.resolve({});
  }

  async build({ name, context, args }: Recipe): Promise<void> {
    await call('docker', ['build', '--tag', name, ...buildArguments(args), context]);
    this.#built.push(name);
  }

  async load(): Promise<void> {
    const [program = '', ...args] = this.loading(this.#built);
    await call(program, args);
  }
}

/** A program that builds and loads by itself: see README.md for what it must understand. */
class Kit implements Loader {
  readonly #archives: string[] = [];

  constructor(private readonly program: string) {}

  async bases(): Promise<{ BASE: string; BUILD_BASE: string }> {
    const [BASE, BUILD_BASE] = ['localhost/comanda-e2e-debian:12', 'localhost/comanda-e2e-node:24'];
    await call(this.program, ['base', BASE, 'ca-certificates']);
    const tools = await nodeAndNpm();
    try {
      await call(this.program, ['base', BUILD_BASE, 'ca-certificates'], { env: { COPY: `${tools}:/` } });
    } finally {
      await rm(tools, { recursive: true, force: true });
    }
    return { BASE, BUILD_BASE };
  }

  async build({ name, context, args }: Recipe): Promise<void> {
    const said = await call(this.program, ['image', name, context, '--layers', ...buildArguments(args)]);
    this.#archives.push(said.trim().split('\n').at(-1) ?? '');
  }

  async load(): Promise<void> {
    await call(this.program, ['load', ...this.#archives]);
  }
}

/**
 * The Node that runs this and the npm of this machine, laid out as they are to stand in an image: Debian's are too old. A
 * certificate authority that Node trusts here beside the usual ones, it trusts there.
 * @returns the folder; whoever asked removes it
 */
async function nodeAndNpm(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-node-'));
  const local = join(folder, 'usr', 'local');
  const npm = await whereNpmIs();
  for (const part of ['bin', 'etc']) await mkdir(join(local, part), { recursive: true });
  await cp(process.execPath, join(local, 'bin', 'node'));
  await cp(npm, join(local, 'lib', 'node_modules', 'npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin', 'npm'));
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  if (authority) {
    await cp(authority, join(local, 'etc', 'authorities.crt'));
    await writeFile(join(local, 'etc', 'npmrc'), 'cafile=/usr/local/etc/authorities.crt\n');
  }
  return folder;
}

/** The folder of the npm on the PATH: …/npm/bin/npm-cli.js is what is called. */
async function whereNpmIs(): Promise<string> {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((file) => existsSync(file));
  if (!found) throw new CannotRun('There is no npm: put it on the PATH.');
  return dirname(dirname(await realpath(found)));
}

const buildArguments = (args: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
