import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { cacheFolder } from './cache.js';

/** What an outside consumer and the fuzzer are made of. */
export const pythonPackages: readonly string[] = [
  'kafka-python==3.0.12',
  'jsonschema-rs==0.60.3',
  'schemathesis==4.32.5',
];

/** The Python environment that holds them; it is whole when a file `ready` stands in it. */
export function pythonFolder(): string {
  const contents = createHash('sha256').update(pythonPackages.join(' ')).digest('hex').slice(0, 12);
  return join(cacheFolder(), `python-${contents}`);
}

export function pythonCommand(): string {
  return join(pythonFolder(), 'bin', 'python');
}
