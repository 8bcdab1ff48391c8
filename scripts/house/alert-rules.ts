import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { root } from '../launch/steps.mjs';

export const rulesFolder = join(root, 'charts', 'comanda', 'rules');

/** As Prometheus reads it. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Alert extends Rule {
  readonly alert: string;
}

/** What an alert is expected to be at a moment of a case. */
interface Look {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
}

/** The rule files, without their cases. */
export const ruleFiles: readonly string[] = globSync('*.yaml', { cwd: rulesFolder }).filter(
  (file) => !file.endsWith('.test.yaml'),
);

export const casesFileOf = (file: string): string => file.replace('.yaml', '.test.yaml');

export function rulesIn(file: string): Rule[] {
  const { groups } = read<{ groups: { rules: Rule[] }[] }>(file);
  return groups.flatMap(({ rules }) => rules);
}

export const alertsIn = (file: string): Alert[] =>
  rulesIn(file).filter((rule): rule is Alert => rule.alert !== undefined);

/** What each case looks at, in the order of time. */
export function casesIn(file: string): Look[][] {
  const { tests } = read<{ tests: { alert_rule_test: Look[] }[] }>(casesFileOf(file));
  return tests.map(({ alert_rule_test: looks }) => looks.toSorted((a, b) => minutes(a) - minutes(b)));
}

const read = <T>(file: string): T => parse(readFileSync(join(rulesFolder, file), 'utf8')) as T;

const minutes = ({ eval_time: time }: Look): number => Number.parseInt(time) * (time.endsWith('h') ? 60 : 1);
