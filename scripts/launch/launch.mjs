import { nodeComplaint } from './node-version.mjs';

// Everything else is loaded after the look at Node's version, which may be too old to read it: for the same reason the entries
// do not await us at their top.

/**
 * Runs one of the project's entry scripts. What goes wrong on the way to the program is one sentence on stderr and exit
 * code 1; then the exit code is the program's own.
 *
 * @param {(steps: typeof import('./steps.mjs')) => Promise<number>} run
 */
export async function launch(run) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint) {
    console.error(complaint);
    process.exit(1);
  }
  const { sentenceFor } = await import('./failure.mjs');
  try {
    process.exitCode = await run(await import('./steps.mjs'));
  } catch (error) {
    const sentence = sentenceFor(error);
    if (!sentence) throw error;
    console.error(sentence);
    process.exitCode = 1;
  }
}
