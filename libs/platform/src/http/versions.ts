import { Refusal } from '../refusal.js';

/**
 * Lets a change through only when it was made against the current version, given in `If-Match` or in the body.
 * @throws Refusal `version_missing` (428), `version_stale` (412) with the current state in `current`
 */
export function requireVersion(
  call: { ifMatch: number | undefined; body: unknown },
  current: { version: number },
): void {
  const inBody = (call.body as { version?: number } | undefined)?.version;
  const expected = call.ifMatch ?? inBody;
  if (expected === undefined)
    throw new Refusal('version_missing', 'Send the version you read, in If-Match or as version.');
  if (expected !== current.version)
    throw new Refusal(
      'version_stale',
      `This has changed since version ${expected}: it is now version ${current.version}.`,
      { current },
    );
}
