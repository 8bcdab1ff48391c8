import { fileURLToPath } from 'node:url';
import { hostOf } from '../balancer/host.js';
import type { Version } from '../images/images.js';
import { call, Refused } from './program.js';

const CHART = fileURLToPath(new URL('../../../../../charts/comanda', import.meta.url));
const VALUES = fileURLToPath(new URL('../../../values.yaml', import.meta.url));

/** What the release under test is called. */
const RELEASE = 'comanda';

/** Helm's commands for the release under test. Each resolves when all pods are as they should be, or throws what Helm said. */
export function helmRelease(namespace: string): {
  install(version: Version): Promise<void>;
  upgrade(version: Version): Promise<void>;
  rollBack(): Promise<void>;
  test(): Promise<string>;
  /** Tries to install another release, with one more setting. */
  installAnother(name: string, setting: string): Promise<void>;
  /** Whether Helm knows a release of that name, whatever its state. */
  exists(name: string): Promise<boolean>;
} {
  const helm = (...args: string[]): Promise<string> => call('helm', ['--namespace', namespace, ...args]);
  const settings = (version: Version): string[] => [
    '--values',
    VALUES,
    '--set',
    `image.tag=${version},ingress.hosts={${hostOf(namespace)}}`,
  ];
  const patiently = ['--wait', '--timeout', '20m'];
  return {
    install: async (version) => void (await helm('install', RELEASE, CHART, ...settings(version), ...patiently)),
    upgrade: async (version) => void (await helm('upgrade', RELEASE, CHART, ...settings(version), ...patiently)),
    rollBack: async () => void (await helm('rollback', RELEASE, ...patiently)),
    test: () => helm('test', RELEASE, '--logs', '--timeout', '5m'),
    installAnother: async (name, setting) =>
      void (await helm('install', name, CHART, ...settings('v1'), '--set', setting)),
    exists: (name) =>
      helm('status', name).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Refused) return false;
          throw error;
        },
      ),
  };
}
