import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

interface Named {
  readonly metadata: { readonly name: string };
}

interface Listed<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** All objects of a kind in this namespace, as the API server has them now. */
export async function list<T>(group: string, kind: string): Promise<Listed<T>> {
  return (await (await ask(group, kind, '')).json()) as Listed<T>;
}

/** All objects of a kind in this namespace: at once, and again after each change. Whatever fails is tried again. */
export async function* watch<T extends Named>(group: string, kind: string): AsyncGenerator<readonly T[]> {
  for (;;) {
    try {
      const { metadata, items } = await list<T>(group, kind);
      const known = new Map(items.map((item) => [item.metadata.name, item]));
      yield [...known.values()];
      const { body } = await ask(group, kind, `?watch=true&resourceVersion=${metadata.resourceVersion}`);
      for await (const line of linesOf(body)) {
        const { type, object } = JSON.parse(line) as { type: string; object: T };
        if (type === 'ERROR') break;
        if (type === 'DELETED') known.delete(object.metadata.name);
        else known.set(object.metadata.name, object);
        yield [...known.values()];
      }
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
    }
    await pause(500);
  }
}

async function ask(group: string, kind: string, query: string): Promise<Response> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, NAMESPACE: namespace } = process.env;
  const token = await readFile('/var/run/secrets/kubernetes.io/serviceaccount/token', 'utf8');
  const answer = await fetch(`https://${host}:${port}/apis/${group}/namespaces/${namespace}/${kind}${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`The API server answers ${answer.status} to ${kind}: ${await answer.text()}`);
  return answer;
}

async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (!body) return;
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line) yield line;
  }
}
