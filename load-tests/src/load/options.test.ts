import { describe, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.js';
import { LOAD_HELP, readLoadOptions, SCENARIO_NAMES } from './options.js';

const read = (typed: readonly string[], environment: NodeJS.ProcessEnv = {}) => readLoadOptions(typed, environment);

test('a load goes to a platform of its own, with what the scenario has by itself', () => {
  expect(read(['peak'])).toMatchObject({ what: 'peak', url: undefined, rate: undefined, seed: 1, arrivals: 'poisson' });
});

test('or to one that runs, with the key of the environment', () => {
  const typed = ['spike', '--url', 'https://pos.example.com/v1', '--rate', '2.5', '--duration', '60'];
  expect(read(typed, { COMANDA_API_KEY: 'secret' })).toMatchObject({
    what: 'spike',
    url: 'https://pos.example.com',
    key: 'secret',
    rate: 2.5,
    seconds: 60,
  });
});

test('help is help, whatever else stands there', () => {
  expect(read(['peak', '--rate', 'fast', '--help'])).toBe('help');
});

test('help tells of every scenario, and each says what it does', () => {
  for (const name of SCENARIO_NAMES) {
    expect(LOAD_HELP).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(SCENARIOS[name].title).toMatch(/^[a-zA-Z0-9].*[a-z]$/);
    expect(SCENARIOS[name].thresholds.length).toBeGreaterThan(1);
  }
});

describe('one sentence, and the exit code for what was mistyped', () => {
  test.each<[typed: string[], sentence: RegExp]>([
    [[], /^Say what: peak, /],
    [['rush'], /^There is no "rush": there are peak, qr-guests, /],
    [['peak', 'spike'], /^One at a time: peak or spike\./],
    [['peak', '--rate', 'fast'], /^--rate must be a number from 0\.1 to 10000\./],
    [['peak', '--rate', '20000'], /^--rate must be a number from 0\.1 to 10000\./],
    [['peak', '--duration', '1.5'], /^--duration must be a whole number from 1 to 86400\./],
    [
      ['peak', '--rate', '10000', '--duration', '86400'],
      /^--rate times --duration must not be above 2,000,000 visits\./,
    ],
    [['peak', '--arrivals', 'random'], /^--arrivals must be poisson or constant\./],
    [['peak', '--url', 'localhost'], /^--url must be an address such as https:\/\/pos\.example\.com\./],
    [['peak', '--url', 'http://localhost:8080'], /^--url wants a key: --key, or COMANDA_API_KEY\./],
    [['faults', '--url', 'http://localhost:8080', '--key', 'k'], /^faults is for a platform that it starts itself/],
    [['peak', '--fast'], /^Unknown option '--fast'\. See npm run load -- --help\.$/],
  ])('%j', (typed, sentence) => {
    expect(() => read(typed)).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(sentence), exitCode: 2 }),
    );
  });
});
