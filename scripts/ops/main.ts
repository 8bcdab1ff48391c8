import { parseArgs } from 'node:util';

import { type Deployed, Mistyped, releases } from './releases.ts';

const USAGE = `npm run ops -- releases [--context NAME]... [--namespace NAME] [--expect VERSION] [--json]

Which version of Comanda is deployed where, as Helm knows it, and whether one differs.

  --context NAME     a context of the kubeconfig, several if need be; the current one unless given
  --namespace NAME   this namespace alone
  --expect VERSION   the version that should be everywhere; the one that most have unless given
  --json             print as JSON

Exit codes: 0 nothing differs; 1 something does, or Helm could not be asked; 2 mistyped.`;

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  const isMistyped = error instanceof Mistyped || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.exitCode = isMistyped ? 2 : 1;
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      context: { type: 'string', multiple: true, default: [] },
      namespace: { type: 'string' },
      expect: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [command, ...more] = positionals;
  if (command !== 'releases' || more.length > 0) throw new Mistyped(`There is releases. See --help.`);
  const { context: contexts, namespace, expect: expected, json } = values;
  const found = await releases({ contexts, namespace, expected });
  console.log(json ? JSON.stringify(found, null, 2) : tableOf(found));
  return found.every(({ drift }) => drift === 'none') ? 0 : 1;
}

function tableOf(found: readonly Deployed[]): string {
  if (found.length === 0) return 'There is no release of Comanda there.';
  const columns = ['context', 'namespace', 'release', 'version', 'status', 'revision', 'drift'] as const;
  const rows = [columns, ...found.map((each) => columns.map((column) => each[column]))];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
