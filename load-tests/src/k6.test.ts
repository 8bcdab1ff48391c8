import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENDPOINTS } from '@comanda/contracts';
import { expect, test } from 'vitest';
import { SCENARIOS } from './scenarios/index.js';

const FOLDER = new URL('../k6/', import.meta.url);
const source = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');
const scripts = readdirSync(FOLDER).filter((file) => source(file).includes('export const options'));

test('k6 has every scenario that needs no platform of its own', () => {
  const wanted = Object.entries(SCENARIOS).flatMap(([name, { breaks }]) => (breaks ? [] : [`${name}.js`]));
  expect(scripts.toSorted()).toEqual(wanted.toSorted());
});

test('as many come by k6 as by the driver', async () => {
  const { AMOUNTS } = (await import(new URL('parameters.js', FOLDER).href)) as {
    AMOUNTS: Record<string, Partial<Record<'rate' | 'seconds' | 'sessions', number>>>;
  };
  for (const [name, amount] of Object.entries(AMOUNTS))
    expect({ name, ...SCENARIOS[name as keyof typeof SCENARIOS].amount }).toMatchObject({ name, ...amount });
  expect(Object.keys(AMOUNTS)).toHaveLength(scripts.length);
});

test('k6 asks for what there is', () => {
  const asked = [...source('comanda.js').matchAll(/ask\('[^']+', '([A-Z]+)', '([^']+)'/g)].map(
    ([, method = '', path = '']) => `${method} ${path}`,
  );
  const known = Object.values(ENDPOINTS).flatMap((all) => all.map(({ method, path }) => `${method} ${path}`));
  expect(asked.length).toBeGreaterThan(6);
  expect(asked.filter((route) => !known.includes(route))).toEqual([]);
});

const hasK6 = spawnSync('k6', ['version']).status === 0;

test.each(scripts)('%s is understood by k6, or at least by Node where there is no k6', (script) => {
  const file = fileURLToPath(new URL(script, FOLDER));
  const [command, args] = hasK6 ? ['k6', ['inspect', file]] : [process.execPath, ['--check', file]];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  if (hasK6) expect(JSON.parse(stdout)).toMatchObject({ scenarios: expect.anything(), thresholds: expect.anything() });
});
