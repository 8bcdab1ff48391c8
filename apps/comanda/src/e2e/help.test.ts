import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { program } from '../cli/program.js';
import { complaintsIn, type Ended, PlatformUnderTest } from './testing/running-platform.js';

let nowhere: PlatformUnderTest;

beforeAll(async () => {
  nowhere = await PlatformUnderTest.create();
});

const run = (line: string): Promise<Ended> => nowhere.run(...line.split(' ').filter(Boolean));

describe('comanda … --help', () => {
  const commands = everyCommand(program());

  test.each(commands)('%s says what it does, and what each option and argument is', (_, command) => {
    const help = command.helpInformation();
    for (const { flags } of command.options) expect(help).toMatch(new RegExp(`^  ${literally(flags)} +\\S`, 'm'));
    for (const argument of command.registeredArguments)
      expect(help).toMatch(new RegExp(`^  ${literally(argument.name())} +\\S`, 'm'));
  });

  test.each(['replay', 'keys create'])('%s prints it, and nothing else, and ends with 0', async (line) => {
    const { code, stdout, stderr } = await run(`${line} --help`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: comanda ${line}`);
  });

  test('lists every command, with what it does', async () => {
    const { stdout } = await run('--help');
    for (const name of [
      'start',
      'migrate',
      'seed',
      'smoke',
      'import',
      'export',
      'replay',
      'simulate',
      'organizations',
      'keys',
      'menus',
      'orders',
      'stock',
      'ledger',
      'reports',
      'customers',
      'audit',
      'backup',
      'restore',
      'rewind',
      'drill',
      'doctor',
      'lag',
      'dlq',
      'outbox',
      'webhooks',
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name}.*  \\S`, 'm'));
  });
});

describe('a command that was mistyped: exit code 2, one sentence, nothing done', () => {
  test.each([
    ['nothing', `comanda: unknown command 'nothing'. See --help.`],
    ['audti', `comanda: unknown command 'audti'. Did you mean audit? See --help.`],
    ['keys revok', `comanda: unknown command 'revok'. Did you mean revoke? See --help.`],
    ['migrate --jsn', `comanda: unknown option '--jsn'. Did you mean --json? See --help.`],
    ['migrate now', `comanda: too many arguments for 'migrate'. Expected 0 arguments but got 1: now. See --help.`],
    ['import', `comanda: missing required argument 'menu'. See --help.`],
    [
      'import menu.csv --encoding ebcdic',
      `comanda: option '--encoding <name>' argument 'ebcdic' is invalid. Allowed choices are utf-8, windows-1252. See --help.`,
    ],
    ['dlq replay', `comanda: required option '--service <name>' not specified. See --help.`],
    [
      'dlq list --service kitchen',
      `comanda: option '--service <name>' argument 'kitchen' is invalid. There are identity, catalog, orders, payments, inventory, loyalty, integrations, reporting. See --help.`,
    ],
    [
      'outbox replay --service orders --from yesterday',
      `comanda: option '--from <time>' argument 'yesterday' is invalid. Write it as 2026-03-06T19:30:00Z. See --help.`,
    ],
    [
      'audit --within soon',
      `comanda: option '--within <seconds>' argument 'soon' is invalid. It must be a whole number between 0 and 86400. See --help.`,
    ],
    [
      'keys create --name Till --scopes orders:eat',
      `comanda: option '--scopes <scopes>' argument 'orders:eat' is invalid. There is no scope orders:eat. See --help.`,
    ],
    [
      'orders list --status eaten',
      `comanda: option '--status <status>' argument 'eaten' is invalid. Allowed choices are placed, fired, ready, completed, cancelled. See --help.`,
    ],
    [
      'ledger entries --date 2026-02-30',
      `comanda: option '--date <day>' argument '2026-02-30' is invalid. Write it as 2026-03-06. See --help.`,
    ],
    ['menus dif', `comanda: unknown command 'dif'. Did you mean diff? See --help.`],
    ['keys list --url kitchen --key k', '--url: kitchen is no address.'],
  ])('%s', async (line, sentence) => {
    const ended = await run(line);
    expect([ended.code, ended.stdout, complaintsIn(ended)]).toEqual([2, '', [sentence]]);
  });

  test.each(['', 'keys'])('comanda %s shows what there is', async (line) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Commands:');
  });
});

/** Each command as it is typed; those that only hold others too. */
function everyCommand(command: Command, words: readonly string[] = []): [line: string, command: Command][] {
  return [
    [words.join(' '), command],
    ...command.commands.flatMap((each) => everyCommand(each, [...words, each.name()])),
  ];
}

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
