import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Java {
  readonly command: string;
  /** As Java says it: `17.0.15`. */
  readonly version: string;
}

/** The Java that `JAVA_HOME` or the path leads to; undefined when there is none that runs. */
export function findJava(): Java | undefined {
  const home = process.env['JAVA_HOME'];
  const command = home ? join(home, 'bin', 'java') : 'java';
  const { status, stderr } = spawnSync(command, ['-version'], { encoding: 'utf8' });
  const version = /version "([^"]+)"/.exec(stderr ?? '')?.[1];
  return status === 0 && version ? { command, version } : undefined;
}

/** Kafka 4 needs Java 17 or later. */
export function runsKafka(java: Java): boolean {
  return Number(java.version.split(/[.+-]/)[0]) >= 17;
}
