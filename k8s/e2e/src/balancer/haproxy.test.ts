import { describe, expect, test } from 'vitest';
import { backendsOf, configurationFor, nameOf, readyPods } from './haproxy.js';
import type { EndpointSlice, Ingress, IngressPath } from './objects.js';

const to = (service: string, path: string, pathType: IngressPath['pathType'] = 'Prefix'): IngressPath => ({
  path,
  pathType,
  backend: { service: { name: service, port: { name: 'http' } } },
});

const ingress = (host: string | undefined, ...paths: IngressPath[]): Ingress => ({
  metadata: { name: 'comanda' },
  spec: { rules: [{ ...(host && { host }), http: { paths } }] },
});

/** The conditions under which HAProxy takes each backend, in the order in which it asks. */
const rulesOf = (...ingresses: Ingress[]): string[] =>
  configurationFor(ingresses)
    .split('\n')
    .filter((line) => line.includes('use_backend'))
    .map((line) => line.trim().replace('use_backend ', ''));

describe('a path leads to the service that the Ingress says', () => {
  test.each<[promise: string, ingress: Ingress, rules: string[]]>([
    [
      'a prefix matches whole parts of a path',
      ingress(undefined, to('orders', '/v1/orders')),
      ['orders.http if { path -m str /v1/orders } or { path -m beg /v1/orders/ }'],
    ],
    [
      'and a slash at its end says nothing',
      ingress(undefined, to('orders', '/v1/orders/')),
      ['orders.http if { path -m str /v1/orders } or { path -m beg /v1/orders/ }'],
    ],
    ['the root is everything', ingress(undefined, to('front', '/')), ['front.http if { path -m beg / }']],
    [
      'an exact path is that path alone',
      ingress(undefined, to('docs', '/docs', 'Exact')),
      ['docs.http if { path -m str /docs }'],
    ],
    [
      'a host is asked for in each case',
      ingress('pos.example.com', to('orders', '/v1/orders')),
      [
        'orders.http if { req.hdr(host),host_only -i pos.example.com } { path -m str /v1/orders } or { req.hdr(host),host_only -i pos.example.com } { path -m beg /v1/orders/ }',
      ],
    ],
    [
      'the longest path is asked first, an exact one before a prefix',
      ingress(undefined, to('front', '/'), to('b', '/v1/a'), to('a', '/v1/a', 'Exact'), to('c', '/v1/a/deeper')),
      [
        'c.http if { path -m str /v1/a/deeper } or { path -m beg /v1/a/deeper/ }',
        'a.http if { path -m str /v1/a }',
        'b.http if { path -m str /v1/a } or { path -m beg /v1/a/ }',
        'front.http if { path -m beg / }',
      ],
    ],
  ])('%s', (_promise, given, rules) => {
    expect(rulesOf(given)).toEqual(rules);
  });

  test('a service that several paths lead to is one backend', () => {
    const both = [
      ingress('one.example.com', to('orders', '/v1/orders')),
      ingress('two.example.com', to('orders', '/')),
    ];
    expect(backendsOf(both).map(nameOf)).toEqual(['orders.http']);
    expect(configurationFor(both).match(/^backend orders\.http$/gm)).toHaveLength(1);
  });
});

describe('requests go to pods that want them', () => {
  const slice = (service: string, endpoints: EndpointSlice['endpoints'], port = 8_080): EndpointSlice => ({
    metadata: { name: `${service}-abc`, labels: { 'kubernetes.io/service-name': service } },
    ports: [{ name: 'http', port }],
    endpoints,
  });
  const pod = (address: string, ready?: boolean): EndpointSlice['endpoints'][number] => ({
    addresses: [address],
    ...(ready !== undefined && { conditions: { ready } }),
  });
  const orders = { service: 'orders', port: 'http' };

  test.each<[promise: string, slices: EndpointSlice[], pods: string[]]>([
    ['those that are ready', [slice('orders', [pod('10.0.0.1', true), pod('10.0.0.2', false)])], ['10.0.0.1:8080']],
    ['those that do not say', [slice('orders', [pod('10.0.0.1')])], ['10.0.0.1:8080']],
    [
      'of every slice, each once',
      [slice('orders', [pod('10.0.0.2', true)]), slice('orders', [pod('10.0.0.1', true), pod('10.0.0.2', true)])],
      ['10.0.0.1:8080', '10.0.0.2:8080'],
    ],
    ['not those of another service', [slice('payments', [pod('10.0.0.1', true)])], []],
    ['nobody, while there is none', [{ ...slice('orders', []), ports: null }], []],
  ])('%s', (_promise, slices, pods) => {
    expect(readyPods(orders, slices)).toEqual(pods);
  });
});
