/** What keeps a container to the restricted profile of pod security. */
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

type Env = Readonly<Record<string, string | { readonly secret: string; readonly key: string }>>;

export interface Run {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Env;
  readonly labels?: Readonly<Record<string, string>>;
  /** A program of ours, from the config map of its name. */
  readonly program?: string;
  /** Where it says that it is ready. */
  readonly ready?: { readonly path: string; readonly port: number };
}

/** What a pod that runs one program is made from, within the restricted profile. */
function podSpec({ image, command, args, env = {}, program, ready }: Run): object {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    affinity: nextToStores,
    containers: [
      {
        name: 'main',
        image,
        imagePullPolicy: 'IfNotPresent',
        ...(command && { command }),
        ...(args && { args }),
        env: Object.entries(env).map(([name, value]) =>
          typeof value === 'string'
            ? { name, value }
            : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
        ),
        securityContext: RESTRICTED,
        ...(ready && { readinessProbe: { httpGet: ready, periodSeconds: 1, timeoutSeconds: 5 } }),
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(program ? [{ name: 'program', mountPath: '/program' }] : []),
        ],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }, ...(program ? [{ name: 'program', configMap: { name: program } }] : [])],
  };
}

/** On the node that is never drained. */
const nextToStores = {
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'part-of': 'stores' } } },
    ],
  },
};

export const pod = (name: string, run: Run): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name, ...run.labels } },
  spec: podSpec(run),
});

/** A program that runs to its end, so many times side by side. */
export const job = (name: string, times: number, run: Run): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    completions: times,
    parallelism: times,
    backoffLimit: 0,
    template: { metadata: { labels: { app: name, ...run.labels } }, spec: podSpec(run) },
  },
});

export const secret = (name: string, content: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: content,
});

/** A namespace in which a pod outside the restricted profile is refused. */
export const namespace = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});
