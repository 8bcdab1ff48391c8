/** How a panel shows its numbers, as Grafana calls it. */
type Unit = 'short' | 'percentunit' | 's' | 'reqps' | 'ops' | 'bytes' | 'none' | 'cps';

/** An expression, and what its series are called. */
export type Query = readonly [expr: string, legend: string];

export interface Panel {
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** What it means, for whoever looks at it for the first time. */
  readonly says?: string;
  /** One number each instead of lines over time. */
  readonly stat?: true;
  /** From here on it is bad: a red line, or a red number. */
  readonly bad?: number;
}

/** Panels side by side, under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Its file, and its address in Grafana. */
  readonly name: string;
  readonly title: string;
  /** Whether it shows one service at a time, or several, as whoever looks at it chooses. */
  readonly byService?: true;
  readonly rows: readonly Row[];
}

/** A dashboard as Grafana imports it, with the data source to be chosen there. */
export function grafanaOf({ name, title, byService, rows }: Dashboard): object {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const at = (height: number, width: number, x: number) => ({ h: height, w: width, x, y });
    panels.push({ id: panels.length + 1, type: 'row', title: row.title, collapsed: false, gridPos: at(1, 24, 0) });
    y += 1;
    const width = Math.floor(24 / row.panels.length);
    const height = row.panels.every(({ stat }) => stat) ? 4 : 8;
    for (const [column, panel] of row.panels.entries())
      panels.push({ id: panels.length + 1, ...panelOf(panel), gridPos: at(height, width, column * width) });
    y += height;
  }
  return {
    uid: `comanda-${name}`,
    title: `Comanda: ${title}`,
    tags: ['comanda'],
    schemaVersion: 39,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [DATASOURCE, ...(byService ? [SERVICE] : [])] },
    links: [{ title: 'Comanda', type: 'dashboards', tags: ['comanda'], asDropdown: true, keepTime: true }],
    panels,
  };
}

const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const DATASOURCE = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' };
const SERVICE = {
  name: 'service',
  label: 'Service',
  type: 'query',
  datasource: SOURCE,
  query: 'label_values(outbox_unpublished, service)',
  refresh: 2,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
};

function panelOf({ title, unit, queries, says, stat, bad }: Panel): object {
  const steps = [{ color: 'green', value: null }, ...(bad === undefined ? [] : [{ color: 'red', value: bad }])];
  const custom = stat
    ? {}
    : {
        custom: { fillOpacity: 8, showPoints: 'never', thresholdsStyle: { mode: bad === undefined ? 'off' : 'line' } },
      };
  return {
    type: stat ? 'stat' : 'timeseries',
    title,
    ...(says && { description: says }),
    datasource: SOURCE,
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps }, ...custom }, overrides: [] },
    options: stat
      ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: bad === undefined ? 'none' : 'value' }
      : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: SOURCE,
      expr,
      legendFormat,
    })),
  };
}
