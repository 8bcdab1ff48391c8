import { setTimeout as pause } from 'node:timers/promises';
import { Broken, CannotRun } from '@comanda/faults/broken';
import { call } from './program.js';

/** As much of any object as is asked for here. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

export interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

/** The cluster that KUBECONFIG names, and in it the namespace that everything is in. */
export class Cluster {
  constructor(readonly namespace: string) {}

  /** @throws CannotRun when no cluster answers */
  async mustAnswer(): Promise<void> {
    try {
      await call('kubectl', ['get', '--raw', '/readyz', '--request-timeout=10s']);
    } catch (error) {
      if (error instanceof CannotRun) throw error;
      throw new CannotRun(`No cluster answers: set KUBECONFIG. kubectl says: ${(error as Error).message}`);
    }
  }

  /** @returns what kubectl printed */
  kubectl(args: readonly string[], input?: string): Promise<string> {
    return call('kubectl', ['--namespace', this.namespace, ...args], { ...(input !== undefined && { input }) });
  }

  /** Makes objects be as given, in JSON or YAML. */
  async apply(...objects: readonly (object | string)[]): Promise<void> {
    for (const each of objects)
      await this.kubectl(
        ['apply', '--server-side', '--force-conflicts', '--filename', '-'],
        typeof each === 'string' ? each : JSON.stringify(each),
      );
  }

  async get<T extends KubernetesObject>(kind: string, name: string): Promise<T> {
    return JSON.parse(await this.kubectl(['get', kind, name, '--output=json'])) as T;
  }

  async list<T extends KubernetesObject>(kind: string, selector?: string): Promise<readonly T[]> {
    const only = selector ? [`--selector=${selector}`] : [];
    const { items } = JSON.parse(await this.kubectl(['get', kind, '--output=json', ...only])) as { items: T[] };
    return items;
  }

  /** The pods of a service of the platform that are not on their way out. */
  async podsOf(service: string): Promise<readonly Pod[]> {
    const pods = await this.list<Pod>('pods', `app.kubernetes.io/component=${service}`);
    return pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  /** Waits until a workload is as it should be: `deployment/redis`. */
  async rolledOut(workload: string, seconds = 300): Promise<void> {
    await this.kubectl(['rollout', 'status', workload, `--timeout=${seconds}s`]);
  }

  /** What a secret holds, as text. */
  async secret(name: string): Promise<Readonly<Record<string, string>>> {
    const { data = {} } = await this.get<KubernetesObject & { data?: Record<string, string> }>('secret', name);
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
    );
  }

  /** Removes an object with what is its own, and waits until all is gone; nothing happens where there is none. */
  async remove(kind: string, name: string): Promise<void> {
    const options = ['--ignore-not-found', '--cascade=foreground', '--grace-period=1', '--timeout=120s'];
    await this.kubectl(['delete', kind, name, ...options]);
  }
}

export const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

/**
 * Waits until something is so on the cluster, looking once a second.
 * @returns seconds that it took
 * @throws Broken saying what did not come
 */
export async function until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await isSo()) return Math.round((performance.now() - start) / 1_000);
    if (performance.now() - start > seconds * 1_000) throw new Broken(`Not within ${seconds} s: ${what}`);
    await pause(1_000);
  }
}
