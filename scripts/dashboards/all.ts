import { capacity } from './capacity.ts';
import { events } from './events.ts';
import { overview } from './overview.ts';
import { type Dashboard, grafanaOf } from './panels.ts';
import { payments } from './payments.ts';
import { service } from './service.ts';
import { sync } from './sync.ts';

export const DASHBOARDS: readonly Dashboard[] = [overview, service, events, payments, sync, capacity];

/** Every dashboard's file in charts/comanda/dashboards, and what stands in it. */
export const FILES: ReadonlyMap<string, string> = new Map(
  DASHBOARDS.map((dashboard) => [`${dashboard.name}.json`, `${JSON.stringify(grafanaOf(dashboard), null, 2)}\n`]),
);
