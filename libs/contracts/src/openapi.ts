import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';
import { Problem, type ProblemCode, PROBLEMS } from './problems.js';

/** Writes the OpenAPI 3.1 document of a service, from its endpoints alone. */
export function openApiOf({ title, endpoints }: { title: string; endpoints: readonly Endpoint[] }): object {
  const components = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints)
    (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operationOf(endpoint, components);
  components.refer(Problem, 'output');
  return {
    openapi: '3.1.0',
    info: { title, version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ credential: [] }],
    paths,
    components: {
      schemas: components.schemas(),
      securitySchemes: {
        credential: { type: 'http', scheme: 'bearer', description: 'An API key, or a JWT of the configured issuer.' },
      },
    },
  };
}

function operationOf(endpoint: Endpoint, components: Components): object {
  const { id, path, summary, description, scope } = endpoint;
  return {
    operationId: id,
    tags: [path.split('/')[2]],
    summary,
    ...(description && { description }),
    ...(scope === null ? { security: [] } : { 'x-scope': scope }),
    parameters: parametersOf(endpoint),
    ...(endpoint.body && { requestBody: requestBodyOf(endpoint, components) }),
    responses: responsesOf(endpoint, components),
  };
}

function parametersOf({ params, query, idempotent, concurrency, cached }: Endpoint): object[] {
  const of = (shape: z.ZodObject | undefined, where: 'path' | 'query') =>
    Object.entries(shape?.shape ?? {}).map(([name, schema]) => {
      const { description, ...rest } = plainSchema(schema as z.ZodType);
      return {
        name,
        in: where,
        required: where === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
        ...(description !== undefined && { description }),
        schema: rest,
      };
    });
  const header = (name: string, required: boolean, description: string, schema: object) => ({
    name,
    in: 'header',
    required,
    description,
    schema,
  });
  return [
    ...of(params, 'path'),
    ...of(query, 'query'),
    ...(idempotent
      ? [
          header('Idempotency-Key', true, 'Any text of your own; the same when you repeat the request.', {
            type: 'string',
            minLength: 1,
            maxLength: 255,
            pattern: '^[!-~]([ -~]*[!-~])?$',
          }),
        ]
      : []),
    ...(concurrency === 'required'
      ? [
          header('If-Match', false, 'The version you read, such as "3"; or send `version` in the body.', {
            type: 'string',
            pattern: '^(W/)?"?[0-9]{1,10}"?$',
          }),
        ]
      : []),
    ...(cached
      ? [
          header('If-None-Match', false, 'The `ETag` you have: the answer is 304 when it is still the newest.', {
            type: 'string',
          }),
        ]
      : []),
  ];
}

function requestBodyOf({ body, consumes, example }: Endpoint, components: Components): object {
  if (consumes) return { required: true, content: { [consumes]: { schema: { type: 'string' } } } };
  return {
    required: !(body as z.ZodType).safeParse(undefined).success,
    content: {
      'application/json': {
        schema: components.refer(body as z.ZodType, 'input'),
        ...(example !== undefined && { example }),
      },
    },
  };
}

function responsesOf(endpoint: Endpoint, components: Components): object {
  const { status, answer, produces, cached } = endpoint;
  const success = {
    description: 'Success.',
    ...(produces
      ? { content: { [produces]: { schema: { type: 'string' } } } }
      : answer && { content: { 'application/json': { schema: components.refer(answer, 'output') } } }),
  };
  const byStatus = Map.groupBy(refusalsOf(endpoint), (code) => PROBLEMS[code].status);
  const problems = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([problemStatus, codes]) => [problemStatus, problemResponse(codes)] as const);
  return {
    [status]: success,
    ...(cached && { 304: { description: 'Still the same.' } }),
    ...Object.fromEntries(problems),
  };
}

const problemResponse = (codes: ProblemCode[]): object => ({
  description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** Every way this route may refuse: its own rules, and what follows from its shape. */
export function refusalsOf({ scope, params, query, body, idempotent, concurrency, refusals }: Endpoint): ProblemCode[] {
  return [
    'malformed_request',
    ...(scope === null
      ? []
      : (['credential_missing', 'credential_invalid', 'scope_missing', 'location_forbidden', 'rate_limited'] as const)),
    ...(params ? (['not_found'] as const) : []),
    ...(query && 'cursor' in query.shape ? (['cursor_invalid'] as const) : []),
    ...(body ? (['body_too_large', 'media_type_unsupported', 'card_number_refused'] as const) : []),
    ...(idempotent ? (['idempotency_key_missing', 'idempotency_key_reused', 'request_in_flight'] as const) : []),
    ...(concurrency === 'required' ? (['version_stale', 'version_missing'] as const) : []),
    ...refusals.filter((code) => code !== 'version_stale' && code !== 'version_missing'),
    'unavailable',
  ];
}

/** Named schemas of one document. A schema that is asked for in both directions and differs gets a second name. */
class Components {
  readonly #wanted = new Map<string, { schema: z.ZodType; io: 'input' | 'output' }>();

  refer(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const id = z.globalRegistry.get(schema)?.id;
    if (!id) return plainSchema(schema, io);
    this.#wanted.set(id, { schema, io });
    return { $ref: `#/components/schemas/${id}` };
  }

  schemas(): Record<string, JsonSchema> {
    const schemas: Record<string, JsonSchema> = {};
    // Where a name serves both directions the request's is shown: it says what may be left out.
    for (const [id, { schema, io }] of [...this.#wanted].sort(([, a], [, b]) => a.io.localeCompare(b.io))) {
      const { $defs = {}, ...own } = jsonSchemaOf(schema, io) as { $defs?: Record<string, JsonSchema> };
      // The schema itself may be among its own definitions when it is recursive.
      const { $ref, ...plain } = own as { $ref?: string };
      for (const [name, definition] of Object.entries($defs)) schemas[name] ??= clean(definition);
      schemas[id] ??= $ref ? (schemas[id] ?? {}) : clean(plain);
    }
    return Object.fromEntries(
      Object.entries(schemas)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, schema]) => [name, relink(schema) as JsonSchema]),
    );
  }
}

function plainSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  const { $schema: _, $defs: __, ...plain } = inline(jsonSchemaOf(schema, io)) as JsonSchema;
  return plain;
}

const clean = ({ $schema: _, id: __, $id: ___, ...schema }: JsonSchema): JsonSchema => schema;

/** Definitions become components. */
function relink(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(relink);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key]) => key !== 'id' || typeof (part as JsonSchema)['id'] !== 'string' || 'in' in part)
      .map(([key, value]) => [
        key,
        key === '$ref' && typeof value === 'string'
          ? value.replace('#/$defs/', '#/components/schemas/')
          : relink(value),
      ]),
  );
}

/** A parameter's schema stands alone: references are written out. */
function inline(schema: JsonSchema): unknown {
  const definitions = (schema['$defs'] ?? {}) as Record<string, JsonSchema>;
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    const { $ref, ...rest } = part as { $ref?: string };
    const target = $ref === undefined ? {} : (definitions[$ref.replace('#/$defs/', '')] ?? {});
    return Object.fromEntries(
      Object.entries({ ...target, ...rest })
        .filter(([key]) => key !== 'id')
        .map(([key, value]) => [key, walk(value)]),
    );
  };
  return walk(schema);
}
