import { expect, test } from 'vitest';
import { sectionText, withSection } from './section.js';

test('a section is text that any reader of Markdown shows as tables', () => {
  const text = sectionText({
    title: 'Measured: peak',
    intro: ['Lunch.'],
    tables: [
      {
        title: 'Guests',
        columns: ['step', 'came/s'],
        rows: [
          ['a | b', 1_234.5],
          ['hold', null],
        ],
        notes: ['On one machine.'],
      },
    ],
  });
  expect(text).toBe(
    [
      '## Measured: peak',
      '',
      'Lunch.',
      '',
      '**Guests**',
      '',
      '| step | came/s |',
      '| --- | --: |',
      String.raw`| a \| b | 1,235 |`,
      '| hold | – |',
      '',
      'On one machine.',
    ].join('\n'),
  );
});

test('the first goes to the end, the next into the place of the last one of its name', () => {
  const document = '# Load tests\n\nHow.\n';
  const once = withSection(document, 'peak', 'old');
  expect(once).toBe('# Load tests\n\nHow.\n\n<!-- load:peak -->\n\nold\n\n<!-- /load:peak -->\n');
  const both = withSection(once, 'spike', 'other');
  expect(withSection(both, 'peak', 'new')).toBe(both.replace('old', 'new'));
  expect(withSection('', 'peak', 'first')).toBe('<!-- load:peak -->\n\nfirst\n\n<!-- /load:peak -->\n');
});
