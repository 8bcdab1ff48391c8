import { describe, expect, test } from 'vitest';
import { MEASURES, readOptions } from './options.js';

test('everything, for half a minute each, unless something else is asked for', () => {
  expect(readOptions([])).toEqual({ measures: MEASURES, seconds: 30, json: false, profile: false, peers: false });
});

test('what is asked for is measured in the order in which it always is', () => {
  expect(readOptions(['--only', 'completeOrder, placement', '--seconds', '5', '--json'])).toMatchObject({
    measures: ['placement', 'completeOrder'],
    seconds: 5,
    json: true,
  });
});

test('help is help, whatever else stands there', () => {
  expect(readOptions(['--json', '--help'])).toBe('help');
});

describe('one sentence, and the exit code for what was mistyped', () => {
  test.each<[typed: string[], sentence: RegExp]>([
    [['--only', 'speed'], /^--only knows no "speed": there are placement, /],
    [['--only', ''], /^--only knows no "": there are placement, /],
    [['--seconds', '0'], /^--seconds must be a whole number from 1 to 3600\./],
    [['--seconds', '1.5'], /^--seconds must be a whole number/],
    [['--seconds', '-3'], /--seconds/],
    [['--fast'], /^Unknown option '--fast'\. See npm run bench -- --help\.$/],
    [['placement'], /^Unexpected argument 'placement'\./],
  ])('%j', (typed, sentence) => {
    expect(() => readOptions(typed)).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(sentence), exitCode: 2 }),
    );
  });
});
