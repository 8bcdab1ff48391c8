import type { Cell, Section, Table } from '../report/figures.js';
import { rounded } from '../report/table.js';
import type { Cost } from './cost.js';
import type { LoadReport, StepReport } from './run-report.js';

/** A run as a person reads it. */
export function sectionOf(report: LoadReport): Section {
  const { machine, scenario, cost } = report;
  return {
    title: `Measured: ${scenario}`,
    intro: [
      `${sentence(report.title)} ${sentence(report.target)}`,
      `${machine.processors} processors (${machine.model}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}; ${
        report.commit === null ? '' : `commit ${report.commit}, `
      }${report.startedAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(report.seconds)} s, ${report.arrivals} arrivals, seed ${report.seed}, ${report.orders.toLocaleString('en')} orders. ${rounded(
        machine.busyBefore,
      )} processes wanted a processor when it began.`,
      report.saturated ?? 'Nothing had reached its limit.',
      ...report.notes,
      report.met ? 'Everything that was wanted was met, and nothing is missing.' : 'Not everything was met: see below.',
    ],
    tables: [
      visitsTable(report.steps),
      answersTable(report.steps),
      loadTable(report.steps),
      ...(cost ? [costTable(cost)] : []),
      judgedTable(report),
      invariantsTable(report),
    ],
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const visitsTable = (steps: readonly StepReport[]): Table => ({
  title: 'Guests',
  columns: [
    'step',
    's',
    'came/s',
    'served/s',
    'served, %',
    'at once',
    'p50 ms',
    'p99 ms',
    'longest ms',
    'late to send, p99 ms',
  ],
  rows: steps.map(({ name, seconds, came, served, goodput, atOnce, waits, lateness }): Cell[] => [
    name,
    seconds,
    came / seconds,
    goodput,
    came === 0 ? null : (served / came) * 100,
    atOnce,
    waits.p50,
    waits.p99,
    waits.max,
    lateness,
  ]),
  notes: [
    'Served: had everything, and waited 3 s at most for all of it, thinking left out. Served/s: meanwhile, whenever they came.',
    'Times begin when guests were due, of those who had everything. That this client was late to send is in them.',
  ],
});

const answersTable = (steps: readonly StepReport[]): Table => ({
  title: 'Answers',
  columns: [
    'step',
    'asked for',
    'had',
    'p50 ms',
    'p90 ms',
    'p99 ms',
    'p99.9 ms',
    'longest ms',
    'sent back',
    'otherwise',
  ],
  rows: steps.flatMap(({ name, questions }) =>
    Object.entries(questions).map(([question, { answered, p50, p90, p99, p999, max, turnedAway, told }]): Cell[] => [
      name,
      question,
      answered,
      p50,
      p90,
      p99,
      p999,
      max,
      turnedAway,
      Object.entries(told)
        .map(([what, count]) => `${count} × ${what}`)
        .join('; '),
    ]),
  ),
});

const loadTable = (steps: readonly StepReport[]): Table => ({
  title: 'Processors that were busy, and the disk',
  columns: ['step', 'platform', 'PostgreSQL', 'client', 'machine', 'of', 'disk, %'],
  rows: steps.map(({ name, load: { platform, postgres, client, machine, processors, disk } }): Cell[] => [
    name,
    platform,
    postgres,
    client,
    machine,
    processors,
    disk === null ? null : disk * 100,
  ]),
});

/** What a cost is called, by its figure. */
const COSTS: Readonly<Record<Exclude<keyof Cost, 'orders'>, string>> = {
  cpuSeconds: 'CPU, platform and PostgreSQL, s',
  platformCpuSeconds: '  platform',
  postgresCpuSeconds: '  PostgreSQL',
  statements: 'SQL statements',
  transactions: 'transactions',
  rowsInserted: 'rows inserted',
  rowsUpdated: 'rows updated',
  rowsDeleted: 'rows deleted',
  walBytes: 'write-ahead log, bytes',
  walSyncs: 'times that it was brought to disk',
  ioWrites: 'writes of data and log to the system',
  storedBytes: 'stored, bytes',
  bytesIn: 'sent to the platform, bytes of bodies',
  bytesOut: 'answered, bytes of bodies',
};

const costTable = (cost: Cost): Table => ({
  title: 'Cost of 1,000 orders',
  columns: ['what', '1,000 orders'],
  rows: (Object.keys(COSTS) as (keyof typeof COSTS)[]).map((what) => [COSTS[what], cost[what]]),
  notes: [
    `Of ${cost.orders.toLocaleString('en')} orders, until the last effect; all that was asked meanwhile is in it.`,
  ],
});

const judgedTable = ({ thresholds }: LoadReport): Table => ({
  title: 'What was wanted',
  columns: ['what', 'wanted', 'found', 'verdict'],
  rows: thresholds.map(({ what, wanted, found, verdict }) => [what, wanted, found, verdict]),
});

const invariantsTable = ({ invariants }: LoadReport): Table => ({
  title: 'What must always be true',
  columns: ['', 'rows', 'holds', 'promise'],
  rows: invariants.map(({ id, examined, holds, promise, violations }) => [
    id,
    examined,
    examined === 0 ? 'no rows' : holds ? 'yes' : 'NO',
    holds || examined === 0 ? promise : `${promise} ${violations.slice(0, 3).join(' ')}`,
  ]),
});
