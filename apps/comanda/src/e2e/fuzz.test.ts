import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeReal, testPython } from '@comanda/testing';
import { expect, test } from 'vitest';
import { PlatformUnderTest } from './testing/running-platform.js';

describeReal(['python'], 'schemathesis over the merged OpenAPI document', () => {
  test('finds nothing: no 5xx, no undocumented answer, nothing accepted that the schema forbids', async () => {
    const platform = await PlatformUnderTest.create();
    const { baseUrl, apiKey } = await platform.start();
    const said = await schemathesis(
      'run',
      `${baseUrl}/openapi.json`,
      `--header=Authorization: Bearer ${apiKey}`,
      // The phase that covers every field of every schema takes minutes: `npm run fuzz`, and continuous integration, run it;
      // the one that follows links from answer to request finds something to follow with many examples alone.
      ...'--phases examples,fuzzing --checks all --max-examples 1 --seed 1 --workers 1 --no-color'.split(' '),
    );
    expect(said).toMatch(/ [1-9]\d* generated, [1-9]\d* passed/);
  }, 900_000);
});

/** Runs with the settings of schemathesis.toml. Resolves to what it said; rejects with it when it found something. */
async function schemathesis(...args: string[]): Promise<string> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const ended = promisify(execFile)(join(testPython().folder, 'schemathesis'), args, { cwd: root, maxBuffer: 2 ** 26 });
  const { stdout } = await ended.catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(stdout + stderr);
  });
  return stdout;
}
