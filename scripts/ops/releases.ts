import { createRequire } from 'node:module';

// Its default export is a field of a CommonJS module, which loaders read in two ways.
const { default: helmTs } = createRequire(import.meta.url)('helm-ts') as typeof import('helm-ts');

/** A release of the chart, and whether it is where it should be. */
export interface Deployed {
  readonly context: string;
  readonly namespace: string;
  readonly release: string;
  readonly chart: string;
  readonly version: string;
  readonly status: string;
  readonly revision: string;
  readonly updated: string;
  readonly drift: 'none' | 'other version' | 'unfinished';
}

export interface Question {
  /** Contexts of the kubeconfig; the current one where none is named. */
  readonly contexts: readonly string[];
  /** Every namespace where none is named. */
  readonly namespace?: string | undefined;
  /** The version that should be everywhere; the one that most releases have where none is named. */
  readonly expected?: string | undefined;
}

/** Somebody typed a name that cannot be one. */
export class Mistyped extends Error {
  override readonly name = 'Mistyped';
}

/**
 * Which version of Comanda is deployed where. helm-ts puts what it is given into a shell's line as it is, so names are looked
 * at first; only its `list` is used, for its `install` rejects whatever comes of it.
 * @throws Mistyped; Error with what Helm said
 */
export async function releases({ contexts, namespace, expected }: Question): Promise<Deployed[]> {
  for (const name of [...contexts, ...(namespace === undefined ? [] : [namespace])])
    if (!NAME.test(name)) throw new Mistyped(`${JSON.stringify(name)} is no name of a context or a namespace.`);
  const found: Omit<Deployed, 'drift'>[] = [];
  for (const context of contexts.length > 0 ? contexts : [CURRENT]) found.push(...(await listed(context, namespace)));
  const wanted = expected ?? mostCommon(found.map(({ version }) => version));
  return found.map((each) => ({ ...each, drift: driftOf(each, wanted) }));
}

/** Names of Kubernetes, and of contexts as clouds make them: arn:aws:eks:…, gke_project_zone_name, user@cluster. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,252}$/;
const CURRENT = '';

async function listed(context: string, namespace: string | undefined): Promise<Omit<Deployed, 'drift'>[]> {
  const before = process.env['HELM_KUBECONTEXT'];
  if (context !== CURRENT) process.env['HELM_KUBECONTEXT'] = context;
  try {
    const all = await helmTs.list(namespace === undefined ? { allNamespaces: true } : { namespace });
    return all
      .filter(({ chart }) => /^comanda-\d/.test(chart))
      .map(({ name, chart, app_version: version, status, revision, updated, ...each }) => ({
        context: context || 'current',
        namespace: each.namespace,
        release: name,
        chart,
        version,
        status,
        revision: String(revision),
        updated,
      }));
  } catch (error) {
    throw new Error(`Helm could not be asked about ${context || 'the current context'}: ${lastLine(error)}`, {
      cause: error,
    });
  } finally {
    if (before === undefined) delete process.env['HELM_KUBECONTEXT'];
    else process.env['HELM_KUBECONTEXT'] = before;
  }
}

const driftOf = ({ status, version }: Omit<Deployed, 'drift'>, wanted: string | undefined): Deployed['drift'] =>
  status !== 'deployed' ? 'unfinished' : version === wanted ? 'none' : 'other version';

function mostCommon(versions: readonly string[]): string | undefined {
  const counts = Map.groupBy(versions, (version) => version);
  return [...counts].sort(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

const lastLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
