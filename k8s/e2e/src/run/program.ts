import { CannotRun } from '@comanda/faults/broken';
import { Command, InvalidArgumentError } from 'commander';
import { STEPS } from '../steps/index.js';
import { isKept, reportOf, tableOf } from './report.js';
import { type Options, run } from './run.js';

const known = (text: string): string[] => {
  const names = text.split(',');
  const strange = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (strange.length > 0) throw new InvalidArgumentError(`There is no step ${strange.join(', ')}.`);
  return names;
};

const namespaced = (text: string): string => {
  if (!/^[a-z\d]([a-z\d-]{0,40}[a-z\d])?$/.test(text))
    throw new InvalidArgumentError('That is no name of a namespace.');
  return text;
};

/** The command line of the end-to-end test. */
export const program = new Command('e2e:k8s')
  .description(
    'Installs the platform on the Kubernetes cluster of KUBECONFIG and does to it what operators and bad luck do, while guests order and pay.',
  )
  .option('--only <steps>', 'some of them, with commas between, on what an earlier run with --keep has left', known)
  .option('--keep', 'leave everything on the cluster')
  .option('--namespace <name>', 'where everything is installed, and removed from', namespaced, 'comanda-e2e')
  .option('--json', 'print the report as JSON')
  .addHelpText(
    'after',
    () => `
The steps:
${STEPS.map(({ name, title }) => `  ${name.padEnd(15)}${title}`).join('\n')}

It needs kubectl and helm, and something that brings images to the nodes: the cluster is of kind or k3d, or CLUSTER names the
program of its kit (k8s/e2e/README.md). It ends with
  0  every promise was kept
  1  one was not
  2  the options are wrong
  3  it cannot be done here: no cluster answers, or a tool is missing`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async ({ json = false, ...options }: Options & { json?: boolean }) => {
    try {
      const outcomes = await run(options);
      const report = reportOf(outcomes);
      process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(outcomes));
      process.exitCode = isKept(report) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 3;
    }
  });
