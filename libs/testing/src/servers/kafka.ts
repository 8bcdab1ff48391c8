import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort, serverEnvironment, startServerProcess } from '@comanda/embedded';
import type { ServerProcess } from '@comanda/embedded';
import { Kafka, logLevel } from 'kafkajs';

import { kafkaFolder } from './cache.js';
import { findJava } from './java.js';
import type { Java } from './java.js';

export interface KafkaOptions {
  /** Where the broker keeps its log. A later start on the same folder finds it again, on the same port. */
  folder: string;
  /** Writes a class archive when the broker stops, for faster starts. */
  archiveTo?: string;
  /** Another way in, for clients who come over a line: where the broker listens for them, and the line's own port. */
  byLine?: { port: number; line: number };
  /** A third way in, encrypted, for this user alone. */
  login?: { username: string; password: string };
  log?: (line: string) => void;
}

export interface KafkaBroker {
  /** `127.0.0.1:<port>`, as `KAFKA_BROKERS` takes it. */
  readonly brokers: string;
  /** The way in for who logs in, and who vouches for it, as PEM. */
  readonly byLogin?: { readonly brokers: string; readonly ca: string };
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one real broker, its own controller, on the jars in the cache. Topics are made explicitly; a group may have a
 * session as short as half a second, so that a test need not wait long for a takeover. Resolves when clients can use it.
 */
export async function startKafka({ folder, archiveTo, byLine, login, log }: KafkaOptions): Promise<KafkaBroker> {
  const java = findJava();
  if (!java) throw new Error('There is no Java to run a Kafka broker.');
  const properties = join(folder, 'server.properties');
  const classpath = await classPath();
  if (!existsSync(properties)) await format(java, folder, properties, classpath, { byLine, login });
  const brokers = /^advertised\.listeners=PLAINTEXT:\/\/([^,\n]+)/m.exec(readFileSync(properties, 'utf8'))![1]!;

  const archive = classArchive(java);
  const server = await startServerProcess({
    command: java.command,
    args: [
      '-Xms64m',
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      ...(archiveTo ? [`-XX:ArchiveClassesAtExit=${archiveTo}`] : []),
      ...(!archiveTo && existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []),
      '-cp',
      classpath,
      'kafka.Kafka',
      properties,
    ],
    stopSignal: 'SIGTERM',
    folder,
    env: serverEnvironment(),
    log,
  });
  await untilItAnswers(server, brokers);
  return {
    brokers,
    ...(login && { byLogin: await waysIn(folder, properties) }),
    pid: server.pid,
    stop: () => server.stop(),
  };
}

/** A class archive fits one version of Java only. */
export function classArchive(java: Java): string {
  return join(kafkaFolder(), `classes-${createHash('sha256').update(java.version).digest('hex').slice(0, 8)}.jsa`);
}

/** In a fixed order: a class archive is only good for the class path it was made with. */
async function classPath(): Promise<string> {
  const libs = join(kafkaFolder(), 'libs');
  return (await readdir(libs))
    .filter((file) => file.endsWith('.jar'))
    .toSorted()
    .map((jar) => join(libs, jar))
    .join(':');
}

async function format(
  java: Java,
  folder: string,
  properties: string,
  classpath: string,
  { byLine, login }: { [K in 'byLine' | 'login']: KafkaOptions[K] | undefined },
): Promise<void> {
  const [port, controllerPort, loginPort] = [await freePort(), await freePort(), await freePort()];
  await mkdir(folder, { recursive: true });
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${byLine ? `,LINE://127.0.0.1:${byLine.port}` : ''}${login ? `,LOGIN://127.0.0.1:${loginPort}` : ''}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${byLine ? `,LINE://127.0.0.1:${byLine.line}` : ''}${login ? `,LOGIN://127.0.0.1:${loginPort}` : ''}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LINE:PLAINTEXT,LOGIN:SASL_SSL',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'log.dirs': join(folder, 'log'),
    'auto.create.topics.enable': false,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 500,
    ...(login && (await vouchedFor(java, folder))),
  };
  await writeFile(
    properties,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const cluster = randomBytes(16).toString('base64url').replace(/^-/, '_'); // not to be taken for an option
  const { status, stdout, stderr } = spawnSync(
    java.command,
    [
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      '-t',
      cluster,
      '-c',
      properties,
      ...(login ? ['--add-scram', `SCRAM-SHA-512=[name="${login.username}",password="${login.password}"]`] : []),
    ],
    { encoding: 'utf8', env: serverEnvironment() },
  );
  if (status !== 0) throw new Error(`The Kafka broker's folder ${folder} could not be made ready: ${stderr || stdout}`);
}

/** Settings of the way in by login; the certificate vouches for itself, and stands beside the broker as `ca.pem`. */
async function vouchedFor(java: Java, folder: string): Promise<Record<string, string>> {
  const [store, password] = [join(folder, 'broker.p12'), randomBytes(16).toString('hex')];
  const keytool = (...args: string[]): void => {
    const program = java.command.replace(/java$/, 'keytool');
    const given = [...args, '-alias', 'broker', '-keystore', store, '-storepass', password];
    const { status, stdout } = spawnSync(program, given, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`keytool made no certificate for the broker: ${stdout}`);
  };
  const subject = ['-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1', '-ext', 'bc=ca:true'];
  keytool('-genkeypair', '-keyalg', 'EC', '-storetype', 'PKCS12', ...subject);
  keytool('-exportcert', '-rfc', '-file', join(folder, 'ca.pem'));
  return {
    'listener.name.login.ssl.keystore.location': store,
    'listener.name.login.ssl.keystore.type': 'PKCS12',
    'listener.name.login.ssl.keystore.password': password,
    'listener.name.login.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.login.scram-sha-512.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
}

async function waysIn(folder: string, properties: string): Promise<{ brokers: string; ca: string }> {
  const [, brokers = ''] =
    /^advertised\.listeners=.*LOGIN:\/\/([^,\n]+)/m.exec(await readFile(properties, 'utf8')) ?? [];
  return { brokers, ca: await readFile(join(folder, 'ca.pem'), 'utf8') };
}

async function untilItAnswers(server: ServerProcess, brokers: string): Promise<void> {
  let lastWords: string | undefined;
  void server.ended.then((ending) => (lastWords = ending.lastWords));
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      const cluster = await admin.describeCluster();
      if (cluster.brokers.length > 0) return;
    } catch {
      if (lastWords !== undefined) throw new Error(`The Kafka broker did not start:\n${lastWords}`);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await pause(100);
  }
}
