import { expect, test } from 'vitest';

import { showing } from './progress.mjs';

/** Collects what is written, and tells when the first of it is there. */
function paper(isTTY: boolean) {
  const firstLine = Promise.withResolvers<void>();
  const out = {
    isTTY,
    text: '',
    firstLine: firstLine.promise,
    write(text: string) {
      out.text += text;
      firstLine.resolve();
      return true;
    },
  };
  return out;
}

test('work that is over at once shows nothing, and its result comes back', async () => {
  const out = paper(true);
  expect(await showing(out, 'building', () => Promise.resolve('built'))).toBe('built');
  expect(out.text).toBe('');
});

test('in a terminal, longer work keeps one line up to date', async () => {
  const out = paper(true);
  await showing(out, 'building', () => out.firstLine);
  expect(out.text).toMatch(/^\rbuilding … \d+ s\rbuilding … \d+ s\n$/);
});

test('in a log, longer work is said to have begun, and how long it took', async () => {
  const out = paper(false);
  await showing(out, 'building', () => out.firstLine);
  expect(out.text).toMatch(/^building … \d+ s\nbuilding: \d+ s\n$/);
});
