/** The oldest Node that can start us; the programs themselves run on the version that the lock file pins. */
const oldest = 20;

/**
 * Why this version of Node cannot start the project; undefined when it can.
 *
 * @param {string} version as in process.versions.node
 * @returns {string | undefined}
 */
export function nodeComplaint(version) {
  if (Number(version.split('.')[0]) >= oldest) return undefined;
  return `Comanda needs Node ${oldest} or later to start, and this is Node ${version}: install a newer one from https://nodejs.org.`;
}
