import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeReal, testPython } from '@comanda/testing';
import { expect, test } from 'vitest';
import { PlatformUnderTest } from './testing/running-platform.js';

describeReal(['python'], 'schemathesis over the merged OpenAPI document', () => {
  test('finds nothing: no 5xx, no undocumented answer, nothing accepted that the schema forbids', async () => {
    const platform = await PlatformUnderTest.create();
    const { baseUrl, apiKey } = await platform.start();
    const { code, output } = await schemathesis(
      baseUrl,
      apiKey,
      '--max-examples',
      '3',
      '--seed',
      '1',
      '--workers',
      '2',
    );
    expect(code, output).toBe(0);
  }, 900_000);
});

async function schemathesis(
  baseUrl: string,
  apiKey: string,
  ...options: string[]
): Promise<{ code: number | null; output: string }> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const args = [
    'run',
    `${baseUrl}/openapi.json`,
    '--checks',
    'all',
    '--header',
    `Authorization: Bearer ${apiKey}`,
    '--exclude-path',
    '/v1/orders/feed',
    '--no-color',
    ...options,
  ];
  const child = spawn(join(testPython().folder, 'schemathesis'), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output };
}
