import type { EndpointSlice, Ingress, IngressPath } from './objects.js';

/** Where a pod listens: `10.244.1.7:8080`. */
export type Address = `${string}:${number}`;

/** A service that an Ingress leads to, and which of its ports. */
export interface Backend {
  readonly service: string;
  readonly port: string;
}

/** How HAProxy knows a backend. */
export const nameOf = ({ service, port }: Backend): string => `${service}.${port}`;

/** Pods that a backend can have at once. */
export const SLOTS = 16;

/** Where HAProxy takes commands, from inside its pod alone. */
export const COMMANDS = { host: '127.0.0.1', port: 9_999 } as const;

/**
 * HAProxy's configuration for what the Ingresses say: the longest path wins, an exact one before a prefix, and a prefix
 * matches whole parts of a path. Its backends have places for pods, all empty.
 */
export function configurationFor(ingresses: readonly Ingress[]): string {
  const rules = rulesIn(ingresses);
  return [
    'global',
    '  maxconn 4096',
    `  stats socket ipv4@${COMMANDS.host}:${COMMANDS.port} level admin`,
    '  log stdout format raw local0 info',
    'defaults',
    '  mode http',
    '  log global',
    '  option httplog',
    '  option dontlog-normal',
    '  timeout connect 2s',
    '  timeout client 75s',
    '  timeout server 75s',
    // Who cannot be connected to has got nothing of the request: another is asked.
    '  retries 3',
    '  option redispatch 1',
    // A pod closes connections that are idle: a request sent into one at that moment would be lost.
    '  option http-server-close',
    'frontend public',
    '  bind :8080',
    ...rules.map(({ backend, condition }) => `  use_backend ${nameOf(backend)} if ${condition}`),
    '  default_backend nowhere',
    'backend nowhere',
    '  http-request return status 404',
    ...backendsOf(ingresses).flatMap((backend) => [
      `backend ${nameOf(backend)}`,
      '  balance leastconn',
      `  server-template pod 1-${SLOTS} 127.0.0.1:1 disabled`,
    ]),
    '',
  ].join('\n');
}

/** Each service that an Ingress leads to, once. */
export function backendsOf(ingresses: readonly Ingress[]): Backend[] {
  const named = rulesIn(ingresses).map(({ backend }) => [nameOf(backend), backend] as const);
  return [...new Map(named).values()].toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/** The pods of a backend that want requests, each once, in a fixed order. */
export function readyPods({ service, port }: Backend, slices: readonly EndpointSlice[]): Address[] {
  const found = slices
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
    .flatMap(({ ports, endpoints }) =>
      (ports ?? [])
        .filter((each) => each.name === port)
        .flatMap((each) =>
          endpoints
            .filter(({ conditions }) => conditions?.ready !== false)
            .flatMap(({ addresses }) => addresses.map((address): Address => `${address}:${each.port}`)),
        ),
    );
  return [...new Set(found)].toSorted();
}

interface Rule {
  readonly backend: Backend;
  readonly condition: string;
  readonly path: string;
  readonly isExact: boolean;
}

function rulesIn(ingresses: readonly Ingress[]): Rule[] {
  return ingresses
    .flatMap(({ spec }) => spec.rules ?? [])
    .flatMap(({ host, http }) => (http?.paths ?? []).flatMap((path) => ruleFor(host, path)))
    .toSorted((one, other) => other.path.length - one.path.length || Number(other.isExact) - Number(one.isExact));
}

function ruleFor(host: string | undefined, { path = '/', pathType, backend: { service } }: IngressPath): Rule[] {
  if (!service) return [];
  const isExact = pathType === 'Exact';
  const bare = path.replace(/\/+$/, '');
  const here = host ? `{ req.hdr(host),host_only -i ${host} } ` : '';
  const matches = isExact
    ? [`{ path -m str ${path} }`]
    : bare === ''
      ? ['{ path -m beg / }']
      : [`{ path -m str ${bare} }`, `{ path -m beg ${bare}/ }`];
  const backend = { service: service.name, port: service.port.name ?? String(service.port.number ?? '') };
  return [{ backend, condition: matches.map((match) => here + match).join(' or '), path, isExact }];
}
