import { performance } from 'node:perf_hooks';
import { VERSION } from '@comanda/contracts/words';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** The registry of one service, or of a process that several share; every series says whose it is. */
export function createMetrics(service: string, options: { process: boolean }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  // Event loop, garbage collection, heap: of the process, so once where several services share one.
  if (options.process) measureProcess(registry);
  return registry;
}

function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of UNFIT) registry.removeSingleMetric(name);
  registry.registerMetric(
    new Counter({
      name: 'nodejs_eventloop_time_seconds_total',
      help: 'Time that the event loop was active or idle: whoever scrapes, the active part of an increase is its utilization.',
      labelNames: ['nodejs_eventloop_state'],
      registers: [],
      collect() {
        const { active, idle } = performance.eventLoopUtilization();
        this.reset();
        this.inc({ nodejs_eventloop_state: 'active' }, active / 1_000);
        this.inc({ nodejs_eventloop_state: 'idle' }, idle / 1_000);
      },
    }),
  );
  const build = new Gauge({
    name: 'comanda_build_info',
    help: 'Always 1: what runs here.',
    labelNames: ['version'],
    registers: [registry],
  });
  build.set({ version: VERSION }, 1);
}

/** Gauges whose names say that they are counters, and others that say what `nodejs_active_resources` says, by other words. */
const UNFIT = ['handles', 'handles_total', 'requests', 'requests_total', 'resources_total'].map(
  (what) => `nodejs_active_${what}`,
);

/** How full the pools are. */
export function measurePools(pools: Readonly<Record<string, DataSource>>, registry: Registry): void {
  const poolOf = (source: DataSource): PgPool => (source.driver as { master?: PgPool }).master ?? {};
  const gauge = new Gauge({
    name: 'db_client_connections',
    help: 'Connections of a pool, by state.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [pool, source] of Object.entries(pools)) {
        const { idleCount = 0, totalCount = 0, waitingCount = 0 } = poolOf(source);
        gauge.set({ pool, state: 'idle' }, idleCount);
        gauge.set({ pool, state: 'used' }, totalCount - idleCount);
        gauge.set({ pool, state: 'waited_for' }, waitingCount);
      }
    },
  });
  const most = new Gauge({
    name: 'db_client_connections_max',
    help: 'How many connections a pool may have.',
    labelNames: ['pool'],
    registers: [registry],
    collect() {
      for (const [pool, source] of Object.entries(pools)) most.set({ pool }, poolOf(source).options?.max ?? 0);
    },
  });
}

interface PgPool {
  idleCount?: number;
  totalCount?: number;
  waitingCount?: number;
  options?: { max?: number };
}
