import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeReal } from '@comanda/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

import { DASHBOARDS, FILES } from '../dashboards/all.ts';
import { root } from '../launch/steps.mjs';
import { ruleFiles, rulesIn } from './alert-rules.ts';
import { metricOf, namesIn } from './promql.ts';

const rules = ruleFiles.flatMap(rulesIn);
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
const panels = DASHBOARDS.flatMap(({ name, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ ...panel, dashboard: name }))),
);
const queries = panels.flatMap(({ dashboard, title, queries: own }) =>
  own.map(([expr]) => [`${dashboard}: ${title}`, expr] as const),
);

/** The catalogue, which a test of apps/comanda holds against a running platform. */
const exported = new Set(
  [...readFileSync(join(root, 'docs', 'metrics.md'), 'utf8').matchAll(/^\| `([a-z\d_]+)` \|/gm)].map(
    ([, name]) => name,
  ),
);

/** What Prometheus itself makes. */
const OF_PROMETHEUS = new Set(['up', 'ALERTS']);

const unknownIn = (expression: string): string[] =>
  namesIn(expression).filter(
    (name) =>
      ![name, metricOf(name)].some((each) => exported.has(each) || recorded.has(each) || OF_PROMETHEUS.has(each)),
  );

describe('the names in an expression', () => {
  test.each([
    ['up', ['up']],
    ['max by (service, topic) (consumer_lag_records{service="a{b", topic=~"x|y"}) > 0', ['consumer_lag_records']],
    ['slo:bad:rate5m / on (slo) group_left () slo:budget:ratio', ['slo:bad:rate5m', 'slo:budget:ratio']],
    ['histogram_quantile(0.95, sum by (le) (rate(a_seconds_bucket[10m] offset 1w)))', ['a_seconds_bucket']],
    ['a_total and on (job) b_total unless vector(1) > bool 5e3', ['a_total', 'b_total']],
  ])('of %s', (expression, names) => expect(namesIn(expression)).toEqual(names));
});

describe('every metric that is asked for is exported, or recorded', () => {
  test.each(rules.map(({ alert, record, expr }) => [alert ?? record, expr] as const))('by %s', (_, expression) => {
    expect(unknownIn(expression)).toEqual([]);
  });

  test.each(queries)('by %s', (_, expression) => expect(unknownIn(expression)).toEqual([]));
});

describe('a dashboard', () => {
  test('is as scripts/dashboards say: npm run dashboards writes it', () => {
    const folder = join(root, 'charts', 'comanda', 'dashboards');
    const written = globSync('*', { cwd: folder }).map(
      (file) => [file, readFileSync(join(folder, file), 'utf8')] as const,
    );
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(FILES));
  });

  test.each(DASHBOARDS.map(({ name }) => name))(
    '%s can be imported: each panel by an id of its own, from the chosen data source, in its place',
    (name) => {
      const { uid, panels: placed, templating } = JSON.parse(FILES.get(`${name}.json`) ?? '') as Grafana;
      expect(uid).toBe(`comanda-${name}`);
      expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
      expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length);
      for (const { type, datasource, targets, fieldConfig } of placed.filter((panel) => panel.type !== 'row')) {
        expect(['stat', 'timeseries']).toContain(type);
        expect(fieldConfig?.defaults.unit).toMatch(/^[a-z]+$/);
        for (const source of [datasource, ...(targets ?? []).map((target) => target.datasource)])
          expect(source).toEqual({ type: 'prometheus', uid: '${datasource}' });
      }
      const cells = placed.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (__, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(placed.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    },
  );
});

interface Grafana {
  readonly uid: string;
  readonly templating: { readonly list: readonly object[] };
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
    readonly datasource?: object;
    readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
    readonly targets?: readonly { readonly datasource: object }[];
  }[];
}

describeReal('promtool', 'to Prometheus', () => {
  test('every expression of a dashboard is one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'comanda-dashboards-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'panels.json');
    // Grafana puts in what it alone knows.
    const records = queries.map(([, expr], at) => ({
      record: `panel:${at}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: records }] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], {
      encoding: 'utf8',
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain(`${queries.length} rules found`);
  });
});
