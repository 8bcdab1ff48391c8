import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type UserConfig } from '@hey-api/openapi-ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/**
 * The TypeScript types of an OpenAPI document, as @comanda/client has them: what is sent, and what is answered when all
 * goes well. Headers are the client's own affair, and every refusal is a `Problem`.
 */
export async function clientTypesOf(document: object): Promise<string> {
  const { paths, ...rest } = document as { paths: Paths };
  const slim = mapValues(paths, (methods) =>
    mapValues(methods, ({ parameters, responses, ...operation }) => ({
      ...operation,
      parameters: parameters.filter((parameter) => parameter.in !== 'header'),
      responses: Object.fromEntries(Object.entries(responses).filter(([status]) => status.startsWith('2'))),
    })),
  );
  const types = await generated({ ...rest, paths: slim });
  return `// Written by npm run contracts, from the definitions in libs/contracts.\n${types}\n${routesIn(paths)}`;
}

/** What the generator writes: a type for each shape, and for what each operation takes and answers. */
async function generated(document: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-types-'));
  try {
    await createClient({
      input: document as UserConfig['input'],
      output: { path: folder },
      plugins: ['@hey-api/typescript'],
      logs: { level: 'silent' },
    });
    return await readFile(join(folder, 'types.gen.ts'), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Which of those types are a route's. */
function routesIn(paths: Paths): string {
  const routes = Object.entries(paths).map(([path, methods]) => {
    const lines = Object.entries(methods).map(([method, { operationId, summary }]) => {
      const name = `${operationId[0]?.toUpperCase()}${operationId.slice(1)}`;
      return `        /** ${summary} */\n        ${method}: { takes: ${name}Data; answers: ${name}Responses };\n`;
    });
    return `    '${path}': {\n${lines.join('')}    };\n`;
  });
  return `/** Every route, by path and method. */\nexport interface Routes {\n${routes.join('')}}\n`;
}

const mapValues = <T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
