/** As much of a JSON Schema as the chart's values need. */
export interface ValueSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly definitions?: Readonly<Record<string, ValueSchema>>;
}

/**
 * The values of a chart as a Markdown table: each with what it means, and what it is unless somebody says otherwise.
 * @throws when a value has no description, or the defaults have one that the schema does not
 */
export function valuesTable(schema: ValueSchema, defaults: object): string {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    name === 'global' || name === 'services'
      ? []
      : rowsOf(name, each, (defaults as Record<string, unknown>)[name], schema.definitions ?? {}),
  );
  return ['| value | default | means |', '|---|---|---|', ...rows].join('\n');
}

function rowsOf(
  path: string,
  schema: ValueSchema,
  value: unknown,
  definitions: Readonly<Record<string, ValueSchema>>,
): string[] {
  const { properties = {}, ...rest } = resolved(schema, definitions);
  const described = Object.entries(properties).filter(([, each]) => resolved(each, definitions).description ?? each);
  if (described.length === 0 || isPlain(schema, definitions)) {
    const description = schema.description ?? rest.description;
    if (!description) throw new Error(`The value ${path} has no description in the schema.`);
    const choices = rest.enum ? ` One of ${rest.enum.map((one) => `\`${String(one)}\``).join(', ')}.` : '';
    return [`| \`${path}\` | ${shownDefault(value)} | ${description}${choices} |`];
  }
  const given = (value ?? {}) as Record<string, unknown>;
  return described.flatMap(([name, each]) =>
    // Of a service's values the path is the API's.
    name === 'path' ? [] : rowsOf(`${path}.${name}`, each, given[name], definitions),
  );
}

/** Whether a value is shown in one row, whatever is in it: objects that Kubernetes or the reader knows the shape of. */
const isPlain = (schema: ValueSchema, definitions: Readonly<Record<string, ValueSchema>>): boolean =>
  Boolean(schema.$ref && schema.description && !resolved(schema, definitions).properties?.['ports']) &&
  !schema.$ref?.endsWith('/service');

function resolved(schema: ValueSchema, definitions: Readonly<Record<string, ValueSchema>>): ValueSchema {
  const name = schema.$ref?.split('/').at(-1) ?? '';
  return { ...definitions[name], ...schema };
}

const shownDefault = (value: unknown): string =>
  value === undefined || value === '' ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
