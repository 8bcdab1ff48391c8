import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describeReal } from '@comanda/testing';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';

import { root } from '../launch/steps.mjs';
import { type Alert, alertsIn, casesFileOf, casesIn, ruleFiles, rulesFolder } from './alert-rules.ts';

const alerts = ruleFiles.flatMap(alertsIn);

test('there are alerts', () => expect(alerts.length).toBeGreaterThan(20));

test('every runbook is of an alert', () => {
  const runbooks = globSync('docs/runbooks/*.md', { cwd: root }).map((file) => basename(file, '.md'));
  const wanted = new Set(['README', ...alerts.map(({ alert }) => kebab(alert))]);
  expect(runbooks.filter((runbook) => !wanted.has(runbook))).toEqual([]);
});

describe.each(ruleFiles)('%s', (file) => {
  test.each(alertsIn(file).map((alert) => [nameOf(alert), alert] as const))(
    '%s says how urgent it is, what has happened, and what to do',
    (_, { alert, labels, annotations }) => {
      expect(['page', 'ticket']).toContain(labels?.['severity']);
      expect(annotations?.['summary']).toMatch(/\.$/);
      expect(annotations?.['description']).toMatch(/\.$/);
      const runbook = annotations?.['runbook'] ?? '';
      expect(basename(runbook, '.md')).toBe(kebab(alert));
      expect(existsSync(join(root, runbook)), runbook).toBe(true);
      const text = readFileSync(join(root, runbook), 'utf8');
      expect(text).toMatch(new RegExp(`^# ${alert}\n`));
      for (const said of ['What it means to people', '\n1. ', 'It clears ']) expect(text).toContain(said);
    },
  );

  test.each(alertsIn(file).map((alert) => [nameOf(alert), alert] as const))(
    '%s is seen to be silent, to fire, and to clear',
    (_, { alert, labels }) => {
      const courses = casesIn(file).map((looks) =>
        looks
          .filter(({ alertname }) => alertname === alert)
          .map(({ exp_alerts: firing }) =>
            firing.some(({ exp_labels: { severity } }) => severity === labels?.['severity']),
          )
          .map((fires) => (fires ? 'fires' : 'silent'))
          .join(' '),
      );
      expect(courses).toContainEqual(expect.stringMatching(/silent.* fires.* silent/));
    },
  );
});

describeReal('promtool', 'to Prometheus', () => {
  test.each(ruleFiles)('%s is well formed, and each alert fires, stays silent and clears as its cases say', (file) => {
    ends(['promtool', 'check', 'rules', '--lint-fatal', file], rulesFolder);
    ends(['promtool', 'test', 'rules', casesFileOf(file)], rulesFolder);
  });
});

describeReal('amtool', 'to Alertmanager, the example of routes', () => {
  const example = join('docs', 'alertmanager.yaml');

  test('is well formed', () => ends(['amtool', 'check-config', example]));

  test('names alerts that there are', () => {
    const { route, inhibit_rules: inhibitions } = parse(readFileSync(join(root, example), 'utf8')) as Routes;
    const matchers = [
      ...route.routes.flatMap((each) => each.matchers),
      ...inhibitions.flatMap((each) => [...each.source_matchers, ...each.target_matchers]),
    ];
    const named = matchers.flatMap(
      (matcher) => /^alertname (?:=~?|!=) "?([^"]+)"?$/.exec(matcher)?.[1]?.split('|') ?? [],
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
  });

  test.each(alerts.map((alert) => [nameOf(alert), alert] as const))(
    '%s reaches whom it should',
    (_, { alert, labels }) => {
      const severity = labels?.['severity'];
      const reached = ends([
        'amtool',
        'config',
        'routes',
        'test',
        `--config.file=${example}`,
        `alertname=${alert}`,
        `severity=${severity}`,
      ]);
      const wanted = [
        ...(alert === 'LedgerUnbalanced' ? ['accounting'] : []),
        severity === 'page' ? 'on-call' : 'tickets',
      ];
      expect(reached.trim().split(',')).toEqual(wanted);
    },
  );
});

interface Routes {
  readonly route: { readonly routes: readonly { readonly matchers: readonly string[] }[] };
  readonly inhibit_rules: readonly Readonly<Record<'source_matchers' | 'target_matchers', readonly string[]>>[];
}

/** Runs a command, which must end with 0; gives what it printed. */
function ends([command = '', ...args]: readonly string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
  return stdout;
}

const nameOf = ({ alert, labels }: Alert): string => `${alert} (${labels?.['severity']})`;

/** WebhooksLate → webhooks-late */
const kebab = (name: string): string => name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase();
