import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv, type ErrorObject } from 'ajv';
import { parseAllDocuments } from 'yaml';

import { type Held, kindOf, type Made } from './held.ts';

/** What an operator says of one version of a kind of its resources. */
interface Definition {
  /** The file it stands in, below the folder. */
  readonly file: string;
  readonly schema: Schema;
}

interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface CustomResourceDefinition {
  readonly kind?: string;
  /** Of a list of them, as `kubectl get crd -o yaml` writes it. */
  readonly items?: readonly CustomResourceDefinition[];
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}

/** The definitions of resources in all YAML below a folder, by kind. */
export function definitionsIn(folder: string): Map<string, Definition> {
  const found = new Map<string, Definition>();
  for (const file of globSync('**/*.{yaml,yml}', { cwd: folder }))
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const one = document.toJS() as CustomResourceDefinition | null;
      for (const { kind, spec } of one?.items ?? (one ? [one] : [])) {
        if (kind !== 'CustomResourceDefinition') continue;
        for (const { name, schema } of spec.versions)
          if (schema?.openAPIV3Schema)
            found.set(`${spec.group}/${name} ${spec.names.kind}`, { file, schema: whole(schema.openAPIV3Schema) });
      }
    }
  return found;
}

/** Holds objects against the definitions that there are. `calls` a definition what it is called in a report. */
export function holdAgainst(
  definitions: ReadonlyMap<string, Definition>,
  made: Made,
  calls: (definition: Definition) => string,
): Held {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    code: { regExp },
  });
  const against: Record<string, string> = {};
  const wrong: string[] = [];
  for (const [where, objects] of Object.entries(made))
    for (const object of objects) {
      const definition = definitions.get(kindOf(object));
      if (!definition) continue;
      against[kindOf(object)] = calls(definition);
      const holds = ajv.compile(definition.schema);
      holds(object);
      for (const error of holds.errors ?? [])
        wrong.push(`${where}: ${object.kind} ${object.metadata.name}: ${sentence(error)}`);
    }
  return { against, wrong };
}

/** A pattern is in Go's dialect, where `(?i)` in the midst says that case does not matter; here the whole says so. */
const regExp = Object.assign(
  (pattern: string, flags: string) =>
    new RegExp(pattern.replaceAll('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags),
  { code: 'new RegExp' },
);

function sentence({ instancePath, keyword, message, params }: ErrorObject): string {
  if (keyword === 'additionalProperties')
    return `${instancePath}/${String(params['additionalProperty'])}: there is no such field`;
  const allowed = keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : '';
  return `${instancePath}: ${message ?? keyword}${allowed}`;
}

/** The schema of a whole object: of what every object has, the server takes care itself. */
function whole(schema: Schema): Schema {
  return strict({ ...schema, properties: { ...schema.properties, apiVersion: {}, kind: {}, metadata: {} } });
}

/** The same schema, without leave for fields that it does not name: a server would drop them without a word. */
function strict(schema: Schema): Schema {
  const { properties, items, additionalProperties, ...rest } = schema;
  const made: Record<string, unknown> = { ...rest };
  if (schema['x-kubernetes-int-or-string']) {
    made['type'] = ['integer', 'string'];
    delete made['anyOf'];
  }
  if (properties) {
    made['properties'] = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, strict(each)]));
    if (!schema['x-kubernetes-preserve-unknown-fields']) made['additionalProperties'] = false;
  }
  if (items) made['items'] = strict(items);
  if (typeof additionalProperties === 'object') made['additionalProperties'] = strict(additionalProperties);
  else if (additionalProperties !== undefined) made['additionalProperties'] = additionalProperties;
  return made;
}
