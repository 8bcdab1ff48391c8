import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describeReal } from '@comanda/testing';
import { describe, expect, test } from 'vitest';

import { root } from '../launch/steps.mjs';

const folder = join(root, 'charts', 'comanda', 'rules');
const rules = globSync('*.yaml', { cwd: folder }).filter((file) => !file.endsWith('.test.yaml'));
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** A field of each alert of a file, in order. */
const fieldOf = (file: string, field: string): string[] =>
  [...read(file).matchAll(new RegExp(`^ +(?:- )?${field}: (.+)$`, 'gm'))].map(([, value = '']) => value);

test('there are alerts', () => expect(rules).not.toEqual([]));

describe.each(rules)('%s', (file) => {
  const alerts = fieldOf(file, 'alert');

  test('every alert says how urgent it is, and what to do', () => {
    expect(fieldOf(file, 'severity').filter((severity) => ['page', 'ticket'].includes(severity))).toHaveLength(
      alerts.length,
    );
    const runbooks = fieldOf(file, 'runbook');
    expect(runbooks.map((runbook) => basename(runbook, '.md'))).toEqual(alerts.map(kebab));
    expect(runbooks.filter((runbook) => !existsSync(join(root, runbook)))).toEqual([]);
  });

  test('every alert is seen to fire and to be silent', () => {
    const cases = read(file.replace('.yaml', '.test.yaml')).split(/^ +- (?=\{? ?eval_time)/m);
    for (const alert of alerts) {
      const own = cases.filter((one) => one.includes(`alertname: ${alert}`));
      expect(own.filter((one) => one.includes('exp_alerts: []')).length).toBeGreaterThan(1);
      expect(own.filter((one) => one.includes('exp_labels')).length).toBeGreaterThan(0);
    }
  });

  test('every metric it asks for is exported', () => {
    const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).map((source) =>
      readFileSync(join(root, source), 'utf8'),
    );
    const recorded = new Set(fieldOf(file, 'record'));
    const asked = new Set(read(file).match(/\b[a-z]+(?:_[a-z\d]+)+(?::\w+)?/g));
    const metrics = [...asked].filter((name) => /_(total|seconds(_bucket|_count|_sum)?|bytes|ratio)$/.test(name));
    const unknown = metrics.filter((name) => {
      const metric = name.replace(/_(bucket|count|sum)$/, '');
      return !recorded.has(name) && !sources.some((source) => source.includes(`'${metric}'`));
    });
    expect(metrics.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });
});

describeReal('promtool', 'to Prometheus', () => {
  test.each(rules)('%s is well formed, and each alert fires, stays silent and clears as its cases say', (file) => {
    for (const args of [
      ['check', 'rules', '--lint-fatal', file],
      ['test', 'rules', file.replace('.yaml', '.test.yaml')],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
      expect(status, `${stdout}${stderr}`).toBe(0);
    }
  });
});

/** WebhooksLate → webhooks-late */
const kebab = (name: string): string => name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase();
