import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENDPOINTS } from '@comanda/contracts';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { program } from './program.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What stands between backticks in the pages that an operator reads in a hurry, each with its page. */
const said = globSync(['docs/runbooks/*.md', 'docs/observing.md'], { cwd: ROOT }).flatMap((page) =>
  [...readFileSync(`${ROOT}/${page}`, 'utf8').matchAll(/`([^`]+)`/g)].map(
    ([, code = '']) => [page, code.replaceAll(/\s+/g, ' ')] as const,
  ),
);

const saidLike = (pattern: RegExp): (readonly [page: string, code: string])[] =>
  said.filter(([, code]) => pattern.test(code));

describe('what a runbook tells to type can be typed', () => {
  const commands = saidLike(/^comanda [a-z]/);

  test('and there is some', () => expect(commands.length).toBeGreaterThan(10));

  test.each(commands)('%s: %s', (_, line) => {
    const [, ...words] = line.split(' ');
    let command: Command = program();
    for (const word of words) {
      if (word.startsWith('--')) expect(command.options.map(({ long }) => long)).toContain(word);
      else command = command.commands.find((one) => [one.name(), ...one.aliases()].includes(word)) ?? command;
    }
    expect(command.name()).not.toBe('comanda');
    expect(command.commands, `${line} takes another word`).toEqual([]);
  });
});

describe('what a runbook tells to ask the API there is', () => {
  const routes = new Set(
    Object.values(ENDPOINTS)
      .flat()
      .map(({ method, path }) => `${method} ${path}`),
  );

  test.each(saidLike(/^(?:GET|POST|PATCH|PUT|DELETE) \/v1\//))('%s: %s', (_, line) =>
    expect(routes).toContain(line.split('?')[0]),
  );
});
