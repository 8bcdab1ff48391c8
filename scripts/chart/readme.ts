// npm run chart:readme: writes the table of values into the chart's README, from its schema and its defaults.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { root } from '../launch/steps.mjs';
import { valuesTable, type ValueSchema } from './values-table.ts';

const folder = join(root, 'charts', 'comanda');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const table = valuesTable(JSON.parse(read('values.schema.json')) as ValueSchema, parse(read('values.yaml')) as object);
const readme = read('README.md').replace(
  /(<!-- npm run chart:readme [^\n]*-->\n)[\s\S]*?(<!-- end -->)/,
  (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`,
);
writeFileSync(join(folder, 'README.md'), readme);
