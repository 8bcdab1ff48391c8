// npm run contracts: writes OpenAPI, AsyncAPI, the events' JSON Schemas and the client's types from the definitions in
// libs/contracts, and refuses what would break those who rely on what is published. npm run contracts:check: says whether they are in step.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  asyncApi,
  breaks,
  type Direction,
  ENDPOINTS,
  eventSchemaOf,
  EVENTS,
  type JsonSchema,
  openApiOf,
} from '@comanda/contracts';
import { clientTypesOf } from './client-types.ts';

/** As much of an OpenAPI document as is compared. */
interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
}

interface Operation {
  readonly parameters: { name: string; required: boolean; schema: JsonSchema }[];
  readonly requestBody?: { content: Record<string, { schema: JsonSchema }> };
  readonly responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

const folder = fileURLToPath(new URL('../libs/contracts/published', import.meta.url));
const check = process.argv.includes('--check');

/** As a path from the folder of what is published. */
const CLIENT_TYPES = '../../client/src/published/api.ts';

const documents = new Map<string, object | string>([
  ...Object.entries(ENDPOINTS).map(
    ([service, endpoints]) =>
      [`openapi/${service}.json`, openApiOf({ title: `Comanda ${service}`, endpoints })] as const,
  ),
  ...EVENTS.map((event) => [`events/${event.type}.json`, eventSchemaOf(event)] as const),
  ['asyncapi.json', asyncApi()],
  [CLIENT_TYPES, await clientTypesOf(openApiOf({ title: 'Comanda', endpoints: Object.values(ENDPOINTS).flat() }))],
]);

const published = await read(folder);
const broken = [...published].flatMap(([file, before]) => breaksOf(file, before, documents.get(file)));
const stale = [...new Set([...documents.keys(), ...published.keys()])].filter(
  (file) => text(documents.get(file)) !== text(published.get(file)),
);

if (broken.length > 0) {
  fail(
    `This breaks those who rely on what is published; make a new version beside it instead:\n  ${broken.join('\n  ')}`,
  );
} else if (check && stale.length > 0) {
  fail(`Not in step with libs/contracts; run npm run contracts and commit:\n  ${stale.join('\n  ')}`);
} else if (!check) {
  for (const file of stale) await write(file);
  console.log(stale.length === 0 ? 'Everything published is in step.' : `Written:\n  ${stale.join('\n  ')}`);
}

function breaksOf(file: string, before: object | string, after: object | string | undefined): string[] {
  if (after === undefined) return [`${file}: is gone`];
  if (file.startsWith('events/'))
    return breaks(before as JsonSchema, after as JsonSchema, 'read from us').map((what) => `${file}: ${what}`);
  if (!file.startsWith('openapi/')) return [];
  const [was, is] = [before as OpenApi, after as OpenApi];
  return Object.entries(was.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const now = is.paths[path]?.[method];
      const name = `${method.toUpperCase()} ${path}`;
      if (!now) return [`${name}: is gone`];
      return operationBreaks(operation, now, was, is).map((what) => `${name}: ${what}`);
    }),
  );
}

/** What a client of a route relies on: what it sends, and what it gets when all goes well. */
function operationBreaks(
  before: Operation,
  after: Operation,
  beforeDocument: OpenApi,
  afterDocument: OpenApi,
): string[] {
  const body = (operation: Operation): JsonSchema => operation.requestBody?.content['application/json']?.schema ?? {};
  const success = (operation: Operation) =>
    Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const answer = (operation: Operation): JsonSchema =>
    success(operation)?.[1].content?.['application/json']?.schema ?? {};
  const parameters = (operation: Operation): JsonSchema => ({
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, schema])),
    required: operation.parameters.filter(({ required }) => required).map(({ name }) => name),
  });
  const compare = (one: JsonSchema, other: JsonSchema, direction: Direction): string[] =>
    breaks(
      { ...one, components: beforeDocument.components },
      { ...other, components: afterDocument.components },
      direction,
    );
  return [
    ...(success(before)?.[0] === success(after)?.[0]
      ? []
      : [`answered ${success(before)?.[0]}, now ${success(after)?.[0]}`]),
    ...compare(parameters(before), parameters(after), 'sent to us'),
    ...compare(body(before), body(after), 'sent to us'),
    ...compare(answer(before), answer(after), 'read from us'),
  ];
}

async function read(root: string): Promise<Map<string, object | string>> {
  const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const types = await readFile(join(root, CLIENT_TYPES), 'utf8').catch(() => '');
  const json = files.filter((file) => file.isFile() && file.name.endsWith('.json'));
  const documents = json.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(root, path).replaceAll('\\', '/'), JSON.parse(await readFile(path, 'utf8')) as object] as const;
  });
  return new Map<string, object | string>([...(await Promise.all(documents)), [CLIENT_TYPES, types]]);
}

async function write(file: string): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  const document = text(documents.get(file));
  if (document === undefined) await rm(path);
  else await writeFile(path, document);
}

function text(document: object | string | undefined): string | undefined {
  if (typeof document === 'string') return document;
  return document === undefined ? undefined : `${JSON.stringify(document, null, 2)}\n`;
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}
