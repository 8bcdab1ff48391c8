import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { asyncApi, eventSchemaOf } from './asyncapi.js';
import * as all from './index.js';
import { ENDPOINTS } from './endpoints.js';
import { EVENTS } from './events.js';
import { openApiOf, refusalsOf } from './openapi.js';
import { PROBLEMS } from './problems.js';
import { PREFIXES, SERVICES } from './services.js';

const endpoints = Object.values(ENDPOINTS).flat();

test('every event that is defined is published in the documents', () => {
  const defined = Object.values(all).filter(
    (exported) =>
      typeof exported === 'object' &&
      exported !== null &&
      'type' in exported &&
      'topic' in exported &&
      'data' in exported,
  );
  expect(new Set(EVENTS)).toEqual(new Set(defined));
});

test.each(EVENTS.map((event) => [event.type, event] as const))('%s: its example is what it says', (_, event) => {
  expect(() => event.data.parse(event.example)).not.toThrow();
  expect(Object.keys(event.example as object)).toContain(event.subject);
});

describe('every route', () => {
  test('has an id of its own', () => {
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
  });

  test('lies under the prefix of its service', () => {
    for (const service of SERVICES)
      for (const { path } of ENDPOINTS[service]) expect(path.startsWith(PREFIXES[service]), path).toBe(true);
  });

  test.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))(
    '%s: names the parameters of its path, and its example is taken',
    (_, endpoint) => {
      expect(Object.keys(endpoint.params?.shape ?? {}).sort()).toEqual(
        [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort(),
      );
      const { example } = endpoint as { example?: unknown };
      if (example !== undefined) expect(() => endpoint.body?.parse(example)).not.toThrow();
    },
  );

  test('that creates or moves something carries a key', () => {
    const open = endpoints.filter(({ method, idempotent }) => method === 'POST' && !idempotent).map(({ id }) => id);
    expect(open).toEqual(READS_BY_POST.filter((id) => open.includes(id)));
  });

  test('documents as required just the parameters that are missed when nothing is sent', () => {
    for (const endpoint of endpoints) {
      const document = openApiOf({ title: 'x', endpoints: [endpoint] }) as {
        paths: Record<string, Record<string, { parameters: { name: string; in: string; required: boolean }[] }>>;
      };
      const { parameters = [] } = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()] ?? {};
      const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
      const missed = endpoint.query?.safeParse({}).error?.issues.map(({ path }) => String(path[0])) ?? [];
      expect(required.map(({ name }) => name).sort(), endpoint.id).toEqual(missed.sort());
    }
  });

  test('documents only statuses that its refusals have', () => {
    for (const endpoint of endpoints) {
      const document = openApiOf({ title: 'x', endpoints: [endpoint] }) as {
        paths: Record<string, Record<string, { responses: object }>>;
      };
      const responses = document.paths[endpoint.path]?.[endpoint.method.toLowerCase()]?.responses ?? {};
      const expected = new Set(
        [
          endpoint.status,
          ...(endpoint.cached ? [304] : []),
          ...refusalsOf(endpoint).map((code) => PROBLEMS[code].status),
        ].map(String),
      );
      expect(new Set(Object.keys(responses))).toEqual(expected);
    }
  });
});

/** They ask and change nothing, or only learn what is so already, however often. */
const READS_BY_POST = [
  'quoteOrder',
  'lookUpPaymentAttempt',
  'findGiftCard',
  'receiveProviderWebhook',
  'summarizeMovements',
  'inviteFeedback',
  'summarizePoints',
];

test('a schema has one name, and a name one schema', () => {
  const names = Object.values(all)
    .flatMap((exported) => (exported instanceof z.ZodType ? [z.globalRegistry.get(exported)?.id] : []))
    .filter(Boolean);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('every reference in the documents leads somewhere', () => {
  const documents = [
    asyncApi(),
    ...EVENTS.map(eventSchemaOf),
    ...Object.entries(ENDPOINTS).map(([title, own]) => openApiOf({ title, endpoints: own })),
  ];
  for (const document of documents) {
    for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = reference
        .split('/')
        .reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], document);
      expect(target, reference).toBeDefined();
    }
  }
});
