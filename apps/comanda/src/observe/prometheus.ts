import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ending, freePort, serverEnvironment, startServerProcess } from '@comanda/embedded';
import { CommandFailure } from '../cli/failure.js';

/** A Prometheus beside the platform: it scrapes it, keeps what it saw, and evaluates the rules. */
export interface Prometheus {
  readonly url: string;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<Ending>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Where it keeps its configuration and its data; the next start finds them again. */
  readonly folder: string;
  /** `host:port` of what it scrapes. */
  readonly target: string;
  /** Rule files, by their whole paths. */
  readonly rules: readonly string[];
  /** Any free one, unless given. */
  readonly port?: number | undefined;
  /** How often it scrapes, and evaluates the rules. */
  readonly every?: string;
}

/** @throws CommandFailure where this machine has no Prometheus */
export function mustHavePrometheus(): void {
  if (spawnSync('prometheus', ['--version'], { stdio: 'ignore' }).status !== 0)
    throw new CommandFailure(
      'There is no Prometheus on this machine: install it (Debian: apt install prometheus), or start without --observe.',
    );
}

/**
 * Starts a Prometheus of this machine on its loopback interface, and waits until it is ready. It lives no longer than we do.
 * @throws CommandFailure with a sentence that says why it did not start
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { folder, port = await freePort() } = options;
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, `${JSON.stringify(configOf(options), null, 2)}\n`);
  const ready = Promise.withResolvers<undefined>();
  const server = await startServerProcess({
    command: 'prometheus',
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=15d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ],
    stopSignal: 'SIGTERM',
    env: serverEnvironment(),
    // Asked over HTTP, another one that has the port already would say so, too.
    log(line) {
      if (line.includes('Server is ready')) ready.resolve(undefined);
    },
  });
  const ending = await Promise.race([ready.promise, server.ended]);
  if (ending) throw new CommandFailure(whyNot(port, ending));
  return { url: `http://localhost:${port}`, ended: server.ended, stop: () => server.stop() };
}

/** The alert rules of this checkout, by their whole paths. @throws CommandFailure where there are none */
export async function bundledRules(): Promise<string[]> {
  const folder = fileURLToPath(
    new URL('../../../../charts/comanda/rules', import.meta.resolve('@comanda/comanda/main')),
  );
  if (!existsSync(folder))
    throw new CommandFailure(`There are no alert rules in ${folder}: --observe works from a checkout.`);
  const files = await readdir(folder);
  return files.filter((file) => /(?<!\.test)\.yaml$/.test(file)).map((file) => join(folder, file));
}

/** As JSON, which is YAML. Labels that our series bring (`service`) stay as they are. */
const configOf = ({ target, rules, every = '15s' }: PrometheusOptions): object => ({
  global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
  rule_files: rules,
  scrape_configs: [{ job_name: 'comanda', honor_labels: true, static_configs: [{ targets: [target] }] }],
});

function whyNot(port: number, { lastWords }: Ending): string {
  if (lastWords.includes('address already in use'))
    return `Port ${port} is in use: name another with --observe=<port>, or none for any that is free.`;
  return `Prometheus did not start: ${lastWords.split('\n').at(-1) ?? 'it said nothing'}`;
}
