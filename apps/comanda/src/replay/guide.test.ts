import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toHistory } from './history.js';
import { readMapping } from './mapping.js';
import { onePriceEach } from './menu-plan.js';
import { readRows } from './read-rows.js';

const guide = readFileSync(fileURLToPath(new URL('../../../../docs/guides/replay.md', import.meta.url)), 'utf8');
const file = (name: string) => readFileSync(fileURLToPath(new URL(`../../test-data/${name}`, import.meta.url)));

describe.each([
  { name: 'trattoria', encoding: 'windows-1252', place: { timeZone: 'Europe/Rome', currency: 'EUR' } },
  { name: 'takeaway', encoding: 'utf-8', place: { timeZone: 'America/Chicago', currency: 'USD' } },
])('the guide’s example $name', ({ name, encoding, place }) => {
  const bytes = file(`${name}.csv`);
  const mapping = file(`${name}.mapping.json`).toString('utf8');
  const { sold, bad } = readRows(bytes, readMapping(mapping), place, `${name}.csv`);
  const history = onePriceEach(toHistory(sold));

  test('shows the file and its mapping as they are', () => {
    const text = new TextDecoder(encoding).decode(bytes).replaceAll('\r\n', '\n');
    expect(guide).toContain(`\`\`\`csv\n${text}\`\`\``);
    expect(guide).toContain(`\`\`\`json\n${mapping}\`\`\``);
  });

  test('says what comes of it', () => {
    const section = guide.split('\n## ').find((part) => part.includes(`\`${name}.csv\``)) ?? '';
    const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five'];
    expect(section).toContain(`${words[history.length]} orders`);
    for (const { line, column, what } of bad) expect(section).toContain(`${name}.csv:${line}:${column}: ${what}`);
    for (const { variation } of history.flatMap(({ lines }) => lines))
      if (variation.startsWith('Regular (')) expect(section).toContain(`\`${variation}\``);
  });
});
