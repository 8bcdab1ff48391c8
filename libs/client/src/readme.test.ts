import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the README shows the example as it is', async () => {
  const read = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  expect(await read('README.md')).toContain(`\`\`\`ts\n${await read('example/first-order.ts')}\`\`\``);
});
