import { SERVICES, type ServiceName } from '@comanda/contracts';
import type { Cell, Table } from '../report/figures.js';
import { rounded } from '../report/table.js';
import { MEASURED, type UnitCosts } from './unit-costs.js';

/** A chain at lunch. */
export interface Chain {
  readonly locations: number;
  /** Orders of a location in its busiest hour. All locations are taken to have it at once: one time zone. */
  readonly ordersInBusiestHour: number;
  /** How much more comes in the busiest minute of that hour than on its average. */
  readonly busiestMinute: number;
  /** Orders of a day, in busiest hours. */
  readonly hoursADay: number;
  /** Full menus that are read for each order: guests who look and leave are in it. */
  readonly menusPerOrder: number;
}

export const DEFAULT_CHAIN: Chain = {
  locations: 5_000,
  ordersInBusiestHour: 120,
  busiestMinute: 1.5,
  hoursADay: 6,
  menusPerOrder: 1,
};

/** How a platform is run. */
const RUN = {
  /** Of a pod's one processor so much is planned for; the rest is for the minute in which one of them is gone. */
  busy: 0.6,
  /** What a pod takes when nobody orders: it looks at its outbox and its topics. */
  idle: 0.035,
  /** So many of each service at least: one may go at any time. */
  fewestPods: 2,
  /** Connections of a pod: for requests, and for its relay, consumers and keepers. */
  connections: 13,
  /** Partitions of a topic, as `comanda migrate` makes them. */
  partitions: 12,
  /** Copies of each event that brokers keep. */
  copies: 3,
  /** Events a second that one relay brought to Kafka alone: docs/performance.md. */
  relay: 3_794,
  /** Milliseconds of processor for a full menu from memory: docs/performance.md. */
  menuCpuMs: 0.07,
} as const;

/** What a chain needs at its busiest minute, in figures. */
export interface Capacity {
  readonly ordersPerSecond: number;
  readonly pods: Readonly<Record<ServiceName, number>>;
  readonly cores: Readonly<Record<ServiceName, number>>;
  readonly postgresCores: number;
  readonly statementsPerSecond: number;
  readonly transactionsPerSecond: number;
  readonly rowsPerSecond: number;
  readonly walBytesPerSecond: number;
  /** Times a second that a log is brought to disk, and writes of data and log: they bound what a disk must do. */
  readonly walSyncsPerSecond: number;
  readonly writesPerSecond: number;
  readonly connections: number;
  readonly storedBytesPerDay: number;
  readonly eventsPerSecond: Readonly<Partial<Record<ServiceName, number>>>;
  readonly eventBytesPerSecond: number;
  /** Partitions that the topics need: every pod of a service that follows them wants one of its own. */
  readonly partitions: number;
  /** The share of the busiest relay's time that is spent. */
  readonly busiestRelay: number;
}

/** What a chain needs, by what an order costs. */
export function capacityFor(chain: Chain, costs: UnitCosts = MEASURED): Capacity {
  const { locations, ordersInBusiestHour, busiestMinute, hoursADay, menusPerOrder } = chain;
  const ordersPerSecond = ((locations * ordersInBusiestHour) / 3_600) * busiestMinute;
  const cores = byService((service) => {
    const menus = service === 'catalog' ? menusPerOrder * RUN.menuCpuMs : 0;
    return ((costs.cpuMs[service] + menus) * ordersPerSecond) / 1_000;
  });
  const pods = byService((service) => Math.max(RUN.fewestPods, Math.ceil(cores[service] / (RUN.busy - RUN.idle))));
  const eventsPerSecond = Object.fromEntries(
    Object.entries(costs.events).map(([service, events]) => [service, events * ordersPerSecond]),
  );
  const each = (cost: number): number => cost * ordersPerSecond;
  return {
    ordersPerSecond,
    pods,
    cores,
    postgresCores: each(costs.postgresCpuMs) / 1_000,
    statementsPerSecond: each(costs.statements),
    transactionsPerSecond: each(costs.transactions),
    rowsPerSecond: each(costs.rowsInserted),
    walBytesPerSecond: each(costs.walBytes),
    walSyncsPerSecond: each(costs.walSyncs),
    writesPerSecond: each(costs.ioWrites),
    connections: sumOf(pods) * RUN.connections,
    storedBytesPerDay: costs.storedBytes * locations * ordersInBusiestHour * hoursADay,
    eventsPerSecond,
    eventBytesPerSecond: each(costs.eventBytes),
    partitions: Math.max(RUN.partitions, ...Object.values(pods)),
    busiestRelay: Math.max(...Object.values(eventsPerSecond)) / RUN.relay,
  };
}

const byService = (figure: (service: ServiceName) => number): Record<ServiceName, number> =>
  Object.fromEntries(SERVICES.map((service) => [service, figure(service)])) as Record<ServiceName, number>;

const sumOf = (figures: Readonly<Record<string, number>>): number =>
  Object.values(figures).reduce((sum, figure) => sum + figure, 0);

/** The same for people, with what was assumed. */
export function capacityTables(
  chain: Chain,
  costs: UnitCosts = MEASURED,
): { readonly figures: Capacity; readonly intro: readonly string[]; readonly tables: readonly Table[] } {
  const figures = capacityFor(chain, costs);
  const { locations, ordersInBusiestHour, busiestMinute, hoursADay, menusPerOrder } = chain;
  return {
    figures,
    intro: [
      `${number(locations)} locations at lunch, all in one time zone, ${number(ordersInBusiestHour)} orders each in the busiest hour and ${busiestMinute} times that pace in its busiest minute: ${number(figures.ordersPerSecond)} orders a second, each placed, paid by card and followed by every service; ${number(menusPerOrder)} full menu read for each; ${number(hoursADay)} such hours a day. A pod has one processor and is planned to be busy for ${RUN.busy * 100} % of it.`,
    ],
    tables: [podsTable(figures, costs), databaseTable(figures, costs), logTable(figures, costs)],
  };
}

const number = (value: number): string => rounded(value).toLocaleString('en');
const mega = (bytes: number): number => bytes / 1e6;

const podsTable = ({ pods, cores }: Capacity, { cpuMs }: UnitCosts): Table => ({
  title: 'Pods',
  columns: ['service', 'CPU an order, ms', 'processors', 'pods'],
  rows: [
    ...SERVICES.map((service): Cell[] => [service, cpuMs[service], cores[service], pods[service]]),
    ['together', sumOf(cpuMs), sumOf(cores), sumOf(pods)],
  ],
  notes: [
    `${RUN.fewestPods} of each at least. A menu from memory is ${RUN.menuCpuMs} ms of catalog’s besides; a pod takes ${RUN.idle} of a processor when nobody orders.`,
    'A process that has little to do takes more for each order, at 12 a second six times as much: that is no capacity that is missing.',
  ],
});

const databaseTable = (capacity: Capacity, costs: UnitCosts): Table => ({
  title: 'PostgreSQL, all databases together',
  columns: ['what', 'an order', 'in the busiest minute'],
  rows: [
    ['processors, ms and number', costs.postgresCpuMs, capacity.postgresCores],
    ['statements, a second', costs.statements, capacity.statementsPerSecond],
    ['transactions, a second', costs.transactions, capacity.transactionsPerSecond],
    ['rows inserted, a second', costs.rowsInserted, capacity.rowsPerSecond],
    ['write-ahead log, bytes and MB a second', costs.walBytes, mega(capacity.walBytesPerSecond)],
    ['log brought to disk, times a second', costs.walSyncs, capacity.walSyncsPerSecond],
    ['writes to the disk, a second', costs.ioWrites, capacity.writesPerSecond],
    ['connections without a pooler', null, capacity.connections],
    ['stored, bytes, and GB a day', costs.storedBytes, capacity.storedBytesPerDay / 1e9],
  ],
  notes: [
    'Transactions and syncs were counted at 20 orders a second: what comes together is written together, so more orders share more. Tables and indexes are written by checkpoints besides. Where each service has a server of its own, each has its part of it.',
  ],
});

const logTable = (capacity: Capacity, costs: UnitCosts): Table => ({
  title: 'Kafka',
  columns: ['what', 'an order', 'in the busiest minute'],
  rows: [
    ...Object.entries(capacity.eventsPerSecond).map(([service, perSecond]): Cell[] => [
      `events of ${service}, a second`,
      costs.events[service as ServiceName] ?? 0,
      perSecond,
    ]),
    ['written by the platform, bytes and MB a second', costs.eventBytes, mega(capacity.eventBytesPerSecond)],
    [
      `written by all brokers, ${RUN.copies} copies, MB a second`,
      null,
      mega(capacity.eventBytesPerSecond) * RUN.copies,
    ],
    ['partitions of a topic', null, capacity.partitions],
    ['time of the busiest relay that is spent, %', null, capacity.busiestRelay * 100],
  ],
  notes: [
    `A topic has ${RUN.partitions} partitions unless it was made with more, before anything was in it; no service can use more pods than that for its consumers. One relay of a service brings ${number(RUN.relay)} events a second to Kafka.`,
  ],
});
