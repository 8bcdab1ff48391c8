import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ENDPOINTS, PREFIXES, SERVICES, topicOf } from '@comanda/contracts';
import { describeReal } from '@comanda/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { root } from '../launch/steps.mjs';
import { difference, shown } from './difference.ts';
import { chart, helm, objectsIn, objectsOf, type Rendered, template, valuesOf, variants } from './render.ts';
import { valuesTable, type ValueSchema } from './values-table.ts';

const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const values = parse(read('charts/comanda/values.yaml')) as {
  readonly services: Record<string, { path: string }>;
  readonly kafka: { partitions: number };
};

test('the chart has every service under the path that the API has for it', () => {
  expect(Object.fromEntries(Object.entries(values.services).map(([name, { path }]) => [name, path]))).toEqual(PREFIXES);
  for (const service of SERVICES)
    for (const { path } of ENDPOINTS[service]) expect(`${path}/`).toContain(`${PREFIXES[service]}/`);
});

test('Strimzi makes the topics that services publish to, as comanda migrate would', () => {
  const topics = objectsIn(read('k8s/kafka/topics.yaml'));
  expect(topics.map(({ metadata }) => metadata.name).sort()).toEqual(
    SERVICES.flatMap((service) => [topicOf(service), `${topicOf(service)}.dlq`]).sort(),
  );
  const [, partitions] = /PARTITIONS = (\d+);/.exec(read('libs/events/src/log/event-log.ts')) ?? [];
  expect(topics.map(({ spec }) => (spec as { partitions: number }).partitions)).toEqual(
    topics.map(() => Number(partitions)),
  );
  expect(values.kafka.partitions).toBe(Number(partitions));
});

test('the README tells of every value', () => {
  const schema = JSON.parse(read('charts/comanda/values.schema.json')) as ValueSchema;
  expect(read('charts/comanda/README.md')).toContain(`\n${valuesTable(schema, values)}\n`);
});

test('what is told to services is what they read', () => {
  const told = globSync('templates/**/*.{yaml,tpl}', { cwd: chart })
    .flatMap((file) => [...readFileSync(join(chart, file), 'utf8').matchAll(/(?:name: |")([A-Z]+(?:_[A-Z]+)+)\b/g)])
    .map(([, name = '']) => name)
    .filter((name) => !/^(OTEL_|NODE_OPTIONS)/.test(name));
  const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => read(file))
    .join('\n');
  expect(told.length).toBeGreaterThan(5);
  expect([...new Set(told)].filter((name) => !sources.includes(name))).toEqual([]);
  // What KEDA looks for is what consumers call themselves.
  expect(sources).toContain('`comanda.${service}`');
});

describeReal('helm', 'to Helm', () => {
  const rendered = new Map<string, Rendered[]>();
  beforeAll(async () => {
    for (const variant of variants) rendered.set(variant, await objectsOf(variant));
  });
  const objects = (variant: string, kind: string): Rendered[] =>
    (rendered.get(variant) ?? []).filter((each) => each.kind === kind);

  test('the chart is well formed, with every set of values', async () => {
    for (const variant of variants)
      expect(await helm('lint', '--strict', '--quiet', chart, '--values', valuesOf(variant))).toBe('');
  });

  test('a reviewer sees what the chart makes, and what a change of values changes', async () => {
    // Rules and dashboards have tests of their own.
    const own = (variant: string): Rendered[] =>
      (rendered.get(variant) ?? []).filter(
        ({ kind, metadata }) => kind !== 'PrometheusRule' && !metadata.name.startsWith('comanda-dashboard-'),
      );
    const minimal = own('minimal');
    await expect(minimal.map((each) => shown(each)).join('---\n')).toMatchFileSnapshot('golden/minimal.yaml');
    for (const variant of variants.filter((name) => name !== 'minimal'))
      await expect(await difference(minimal, own(variant))).toMatchFileSnapshot(`golden/${variant}.diff`);
  });

  describe.each(variants)('%s', (variant) => {
    test('every service has a deployment of its image, a service, a budget and a policy', () => {
      for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
        const names = objects(variant, kind).map(({ metadata }) => metadata.name);
        expect(names).toEqual(expect.arrayContaining(SERVICES.map((name) => `comanda-${name}`)));
      }
      const images = containersIn(rendered.get(variant) ?? []).map(({ image }) => image);
      const programs = images.map((image) => /comanda-([a-z-]+):[^:]+$/.exec(image)?.[1] ?? image);
      expect([...new Set(programs)].sort()).toEqual([...SERVICES, 'comanda'].sort());
      for (const program of programs) expect(existsSync(join(root, 'apps', program, 'src', 'main.ts'))).toBe(true);
    });

    test('no deployment has two who scale it', () => {
      const scaled = (rendered.get(variant) ?? [])
        .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
        .map(({ spec }) => (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
      expect(scaled.sort()).toEqual(SERVICES.map((name) => `comanda-${name}`).sort());
    });

    test('every container keeps to the restricted profile, asks for what it needs, and has no limit of CPU', () => {
      const containers = containersIn(rendered.get(variant) ?? []);
      expect(containers.length).toBe(SERVICES.length + 2);
      for (const { securityContext, resources, pod } of containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(pod).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
        });
        expect(resources.requests).toMatchObject({ cpu: expect.any(String), memory: expect.any(String) });
        expect(Object.keys(resources.limits)).toEqual(['memory']);
      }
    });

    test('what the migration needs is there before it', () => {
      const hooks = (rendered.get(variant) ?? []).filter(({ metadata }) =>
        metadata.annotations?.['helm.sh/hook']?.includes('pre-install'),
      );
      const weights = Object.fromEntries(
        hooks.map(({ kind, metadata }) => [kind, Number(metadata.annotations?.['helm.sh/hook-weight'])]),
      );
      expect(weights).toEqual({ ServiceAccount: -10, NetworkPolicy: -10, Job: 0 });
    });
  });

  test('the owner of the databases is known to the migration alone', async () => {
    const text = JSON.stringify(objects('ha', 'Deployment'));
    expect(text).not.toContain('comanda-owner');
    expect(JSON.stringify(objects('ha', 'Job'))).toContain('comanda-owner');
  });

  describe('what is wrong is refused, with a sentence', () => {
    test.each([
      ['a replica count in words', ['services.orders.replicas=many'], /replicas.*(integer|number)/],
      ['a value that is none', ['services.orders.replica=3'], /replica\b.*not allowed|additional propert/i],
      ['a service that is none', ['services.kitchen.replicas=2'], /kitchen/],
      ['another path', ['services.orders.path=/orders'], /path.*\/v1\/orders/],
      ['a memory of no unit', ['defaults.resources.limits.memory=lots'], /memory/],
      ['a limit of CPU', ['defaults.resources.limits.cpu=1'], /cpu/],
      ['both an HPA and KEDA', ['services.orders.autoscaling.kind=both'], /kind/],
      ['more pods than partitions', ['services.orders.autoscaling.maxReplicas=13'], /more than the 12 partitions/],
      [
        'fewer at most than at least',
        ['services.orders.autoscaling.minReplicas=12', 'services.orders.autoscaling.maxReplicas=3'],
        /minReplicas 12 is more than maxReplicas 3/,
      ],
      ['KEDA without a lag', ['services.orders.autoscaling.kind=keda'], /autoscaling\.lag must be set/],
      ['no brokers', ['kafka.brokers='], /kafka.*brokers/s],
      ['brokers without ports', ['kafka.brokers=kafka'], /brokers/],
      [
        'brokers that no pod may reach',
        ['kafka.brokers=kafka:9093'],
        /networkPolicy\.kafka\.ports must name 9093: no pod could reach the broker kafka:9093/,
      ],
      [
        'a user without a password',
        ['kafka.username=comanda'],
        /kafka\.username and kafka\.passwordSecret go together/,
      ],
      ['no databases', ['database.host='], /database\.host or database\.existingSecret must be set/],
      ['a secret in plain sight', ['env.COMANDA_SECRET=oops'], /COMANDA_SECRET/],
      ['too little time to end', ['updates.graceSeconds=28'], /graceSeconds 28 leaves too little/],
      ['an Ingress for every host', ['ingress.enabled=true'], /ingress\.hosts must name a host/],
      ['a route from nowhere', ['httpRoute.enabled=true'], /httpRoute\.parentRefs must name a Gateway/],
    ])('%s', async (_, given, sentence) => {
      const set = given.flatMap((each) => ['--set', each]);
      await expect(template('--values', valuesOf('minimal'), ...set)).rejects.toThrow(sentence);
    });
  });
});

interface Container {
  readonly image: string;
  readonly securityContext: object;
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly pod: object;
}

/** Every container of every pod that these make. */
function containersIn(objects: readonly Rendered[]): Container[] {
  return objects.flatMap((each) => {
    const pod = podOf(each);
    return pod ? pod.containers.map((container) => ({ ...container, pod })) : [];
  });
}

function podOf({ kind, spec }: Rendered): { readonly containers: readonly Omit<Container, 'pod'>[] } | undefined {
  if (kind === 'Pod') return spec as ReturnType<typeof podOf>;
  return (spec as { template?: { spec?: ReturnType<typeof podOf> } } | undefined)?.template?.spec;
}
