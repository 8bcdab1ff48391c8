import { expectThat } from '@comanda/faults/broken';
import { Refused } from '../cluster/program.js';
import type { Step } from '../run/step.js';

/** What each of these pods does, the restricted profile forbids. */
const FORBIDDEN: Readonly<Record<string, { pod?: object; container?: object }>> = {
  'runs as root': { container: { runAsUser: 0, runAsNonRoot: false } },
  'is privileged': { container: { privileged: true, allowPrivilegeEscalation: true } },
  'may become more than it is': { container: { allowPrivilegeEscalation: true } },
  'keeps its capabilities': { container: { capabilities: {} } },
  'has a folder of the node': { pod: { volumes: [{ name: 'host', hostPath: { path: '/' } }] } },
};

export const restricted: Step = {
  name: 'restricted',
  title: 'a pod outside the restricted profile is refused in the namespace in which all of ours run',
  async run({ cluster, noted }) {
    for (const [what, { pod = {}, container = {} }] of Object.entries(FORBIDDEN)) {
      const allowed = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true };
      const forbidden = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'forbidden' },
        spec: {
          securityContext: { seccompProfile: { type: 'RuntimeDefault' }, runAsUser: 65_532 },
          containers: [{ name: 'main', image: 'none', securityContext: { ...allowed, ...container } }],
          ...pod,
        },
      };
      const said = await cluster.kubectl(['create', '--filename', '-'], JSON.stringify(forbidden)).then(
        () => 'nothing',
        (error: unknown) => {
          if (error instanceof Refused) return error.message;
          throw error;
        },
      );
      expectThat(/violates PodSecurity "restricted/.test(said), `To a pod that ${what} the cluster said ${said}`);
    }
    const running = (await cluster.list('pods')).length;
    noted.figures['refused'] = `${Object.keys(FORBIDDEN).length} of ${Object.keys(FORBIDDEN).length}`;
    noted.figures['pods of ours admitted'] = running;
  },
};
