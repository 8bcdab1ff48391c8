import { describe, expect, test } from 'vitest';
import { startProgram } from './testing/programs.js';

const bench = (args: string[], settings: NodeJS.ProcessEnv = {}) => startProgram('main.js', args, settings).ended;

test('a bench of a second prints exactly its figures, with null for what was not asked for', async () => {
  const { code, stdout, stderr } = await bench(['--only', 'menuRead', '--seconds', '1', '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('menu: turn 1 of 1') });
  const figures = JSON.parse(stdout) as Record<string, unknown>;
  expect(figures).toEqual({
    placementRatio: null,
    completeOrder: null,
    peers: null,
    menuReadRatio: expect.any(Number),
    lagMs: null,
    historyRatio: null,
    locationsRatio: null,
    overload: null,
  });
  expect(figures['menuReadRatio']).toBeGreaterThan(0);
}, 180_000);

describe('one clear sentence and an exit code of its own', () => {
  test('for what is mistyped', async () => {
    expect(await bench(['--only', 'speed'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^--only knows no "speed": [^\n]+ See npm run bench -- --help\.\n$/),
    });
  });

  test('where there is no server', async () => {
    const settings = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/postgres' };
    expect(await bench(['--seconds', '1'], settings)).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^Nothing answers there: connect ECONNREFUSED 127\.0\.0\.1:1\.\n$/),
    });
  });
});
