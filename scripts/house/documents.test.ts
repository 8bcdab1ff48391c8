import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { root } from '../launch/steps.mjs';

const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'dist' || (name.startsWith('.') && name !== '.github'),
});

const read = (document: string): string => readFileSync(join(root, document), 'utf8');

/** What stands between fences is no text: it shows Markdown, shell or code. */
const textOf = (document: string): string => read(document).replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchors that a code host gives the headings of a document. */
const anchorsIn = (document: string): string[] =>
  [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('every link leads somewhere', () => {
  test.each(documents)('in %s', (document) => {
    const links = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsIn(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});

test('every metric that a document names is in docs/metrics.md', () => {
  const catalogue = new Set([...read(METRICS).matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
  const named = documents
    .filter((document) => document !== METRICS)
    .flatMap((document) =>
      [...textOf(document).matchAll(METRIC)].map(([, name = '']) => ({ document, name: name.replace(PART, '') })),
    );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ name }) => !catalogue.has(name))).toEqual([]);
});

const METRICS = join('docs', 'metrics.md');
/** A metric is known by the unit at the end of its name. */
const METRIC =
  /`([a-z]+(?:_[a-z\d]+)*_(?:total|seconds|bytes|minor_units|records)(?:_bucket|_sum|_count)?)(?:\{[^`]*\})?`/g;
const PART = /_(bucket|sum|count)$/;

describe('a guide shows the code as it is', () => {
  const blocks = documents
    .filter((document) => document.startsWith(join('docs', 'guides')))
    .flatMap((guide) =>
      [...read(guide).matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(
        ([, file = '', code = '']) => [guide, file, code] as const,
      ),
    );

  test.each(blocks)('%s: %s', (_guide, file, code) => {
    const source = read(file);
    for (const part of code.split(/^\/\/ …\n/m)) expect(source).toContain(part);
  });

  test('and there is some', () => expect(blocks.length).toBeGreaterThan(10));
});
