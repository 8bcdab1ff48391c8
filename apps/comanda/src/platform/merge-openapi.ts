interface Document {
  readonly paths: Record<string, unknown>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: Record<string, unknown> };
}

/** One document of what every service offers. A schema that two services name alike is the same one: they share the contracts. */
export function mergeOpenApi(documents: readonly object[]): object {
  const all = documents as Document[];
  const merged = <T>(pick: (document: Document) => Record<string, T>): Record<string, T> =>
    Object.assign({}, ...all.map(pick)) as Record<string, T>;
  return {
    ...all[0],
    info: {
      title: 'Comanda',
      version: '1',
      description: 'The whole platform: one path space, a prefix for each service.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: merged((document) => document.paths),
    components: {
      schemas: merged((document) => document.components.schemas),
      securitySchemes: merged((document) => document.components.securitySchemes),
    },
  };
}
