// What operators say their resources are, as far as packages have it. The definitions of what the chart itself makes are written from
// the operators' own types, by Go (definitions/); of what is in k8s/, types are known that were made of the definitions, to a program
// in Rust (types/). Both are made once and kept in the cache.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { cacheFolder, findGo } from '@comanda/testing/servers';

import { finish } from '../launch/finish.mjs';
import { root } from '../launch/steps.mjs';
import { definitionsIn, holdAgainst } from './definitions.ts';
import type { Held, Made } from './held.ts';

/** What was found, or why nothing could be. */
type Judgement = Held | { readonly missing: string };

/** Holds objects against the definitions of KEDA, the Prometheus operator and the Gateway API. */
export async function holdAgainstDefinitions(made: Made): Promise<Judgement> {
  const source = join(root, 'scripts', 'chart', 'definitions');
  const kept = keptFor('chart-definitions', source, ['go.mod', 'kinds.go']);
  if (!existsSync(kept)) {
    const go = findGo();
    if (!go)
      return {
        missing: 'there is no Go to write the definitions of KEDA, the Prometheus operator and the Gateway API',
      };
    const modules = [...readFileSync(join(source, 'go.mod'), 'utf8').matchAll(/^\t(\S+) (v\S+)$/gm)];
    const unfinished = `${kept}-${randomUUID()}`;
    for (const [, types = ''] of readFileSync(join(source, 'kinds.go'), 'utf8').matchAll(/^\t_ "(.+)"$/gm)) {
      const [, , version] = modules.find(([, module]) => types.startsWith(`${module}/`)) ?? [];
      const output = `output:crd:dir=${join(unfinished, `${types}@${version}`)}`;
      const args = ['tool', 'controller-gen', 'crd:maxDescLen=0', `paths=${types}`, output];
      const problem = await problemOf(go.command, args, source, { GOTOOLCHAIN: 'local' });
      if (problem) {
        await rm(unfinished, { recursive: true, force: true });
        return { missing: `Go could not write the definition of ${types}: ${problem}` };
      }
    }
    await rename(unfinished, kept);
  }
  return holdAgainst(definitionsIn(kept), made, ({ file }) => dirname(file));
}

/** Holds the objects in a file against the types of Argo CD, CloudNativePG and its plugin, External Secrets and Strimzi. */
export async function holdAgainstTypes(objects: string): Promise<Judgement> {
  const source = join(root, 'scripts', 'chart', 'types');
  const kept = keptFor('chart-types', source, ['Cargo.toml', 'src/main.rs']);
  if (!existsSync(kept)) {
    if (spawnSync('cargo', ['--version']).status !== 0)
      return { missing: 'there is no Cargo to build what knows Argo CD, CloudNativePG, External Secrets and Strimzi' };
    const problem = await buildTypes(source, kept);
    if (problem)
      return { missing: `what knows Argo CD, CloudNativePG, External Secrets and Strimzi was not built: ${problem}` };
  }
  const { code, output } = await finish(join(kept, 'chart-types'), [objects], {});
  if (code !== 0) throw new Error(`chart-types ended with code ${code}: ${output}`);
  const { against, wrong } = JSON.parse(output) as Held;
  const packages = readFileSync(join(source, 'Cargo.toml'), 'utf8');
  const versionOf = (name: string): string => new RegExp(`^${name} = .*"=(\\S+)"`, 'm').exec(packages)?.[1] ?? '';
  const named = Object.entries(against).map(([kind, name]) => [
    kind,
    `${name}@${versionOf(name)} (no patterns or ranges)`,
  ]);
  return { against: Object.fromEntries(named) as Record<string, string>, wrong };
}

/** Builds in a folder of its own, and leaves the program alone. Returns what went wrong. */
async function buildTypes(source: string, kept: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-chart-types-'));
  try {
    await cp(source, folder, { recursive: true });
    const locked =
      (await problemOf('cargo', ['generate-lockfile', '--quiet'], folder)) ?? (await takeOneOpenApi(folder));
    const problem = locked ?? (await problemOf('cargo', ['build', '--quiet'], folder, { CARGO_TARGET_DIR: 'target' }));
    if (problem) return problem;
    await mkdir(kept, { recursive: true });
    await copyFile(join(folder, 'target', 'debug', 'chart-types'), join(kept, 'chart-types'));
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The packages take any version of k8s-openapi, and Cargo the newest; kube takes one, and theirs must be the same. */
async function takeOneOpenApi(folder: string): Promise<string | undefined> {
  const one = /^k8s-openapi = .*"=(\S+?)"/m.exec(readFileSync(join(folder, 'Cargo.toml'), 'utf8'))?.[1] ?? '';
  const locked = readFileSync(join(folder, 'Cargo.lock'), 'utf8').matchAll(/name = "k8s-openapi"\nversion = "(.+)"/g);
  for (const [, version] of locked) {
    if (version === one) continue;
    const problem = await problemOf('cargo', ['update', '--quiet', `k8s-openapi@${version}`, '--precise', one], folder);
    if (problem) return problem;
  }
  return undefined;
}

/** Where what is made of these files is kept: what is made of others is another. */
function keptFor(name: string, source: string, files: readonly string[]): string {
  const contents = createHash('sha256');
  for (const file of files) contents.update(readFileSync(join(source, file)));
  return join(cacheFolder(), `${name}-${contents.digest('hex').slice(0, 12)}`);
}

/** The last line of what a command that failed said. */
async function problemOf(
  command: string,
  args: string[],
  folder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  const { code, output } = await finish(command, args, { cwd: folder, env: { ...process.env, ...env } });
  return code === 0 ? undefined : (output.split('\n').at(-1) ?? `${command} ended with code ${code}`);
}
