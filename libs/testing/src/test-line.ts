import { onTestFinished } from 'vitest';

import { FaultyLine, type LineOptions } from './servers/index.js';

/** Opens a line to the server of a URL that fails when the test says so; it is closed after the test. */
export async function testLine(target: string, options?: LineOptions): Promise<FaultyLine & { readonly url: string }> {
  const line = await FaultyLine.to(target, options);
  onTestFinished(() => line.close());
  return line;
}
