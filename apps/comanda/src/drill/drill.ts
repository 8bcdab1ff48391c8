import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { backupsIn, startEmbeddedPostgres } from '@comanda/embedded';
import type { Finding } from '@comanda/invariants';
import { Guests, type Sale } from './guests.js';
import { Household } from './household.js';
import { checksumOf, exactly, inSubstance, ledgerAt, type Posting } from './ledger.js';

export interface DrillOptions {
  /** How many orders are to be paid before the disaster, at least. */
  readonly orders: number;
  /** Seconds from one round of the backup to the next. */
  readonly every: number;
  readonly progress: (step: string) => void;
}

/** Two ledgers that must be the same. */
export interface Comparison {
  readonly postings: number;
  readonly before: string;
  readonly after: string;
}

/** What a disaster cost, and what it took to be back. */
export interface Drilled {
  /** From the last moment that came back to the disaster. */
  readonly recoveryPointSeconds: number;
  /** What it took to restore and to start: then orders are taken again. */
  readonly recoverySeconds: number;
  readonly orders: { readonly acknowledged: number; readonly cameBack: number; readonly sentAgain: number };
  /** The ledger as the backup brought it back, beside the same part of the one that was lost: to the last field. */
  readonly restored: Comparison;
  /** All that guests were told is paid, once their clients had sent it again: what was lost beside what is there. */
  readonly filled: Comparison;
  readonly audit: { readonly holds: boolean; readonly findings: readonly Finding[] };
}

/** What a restore may cost, in seconds: five minutes of sales, half an hour of time. */
export const LIMITS = { recoveryPoint: 300, recovery: 1_800 };

/**
 * Loses a platform in the middle of the rush and brings it back in an empty folder. Both live in a temporary folder; the
 * operator's own is not touched.
 */
export async function drill({ orders, every, progress }: DrillOptions): Promise<Drilled> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-drill-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
  const [lost, found] = [new Household(join(folder, 'lost')), new Household(join(folder, 'found'))];
  const [store, guests] = [join(folder, 'backups'), new Guests()];
  try {
    progress('starting a platform, and a backup that follows it');
    await lost.start();
    await guests.arrive(await demoOf(lost));
    lost.begin('backup', store, '--follow', '--every', String(every));
    await until(async () => (await backupsIn(store).catch(() => [])).length > 0);
    progress('guests order and pay');
    const enough = guests.acknowledged.length + orders;
    await until(() => guests.acknowledged.length >= enough);
    const followed = await reach(store);
    await until(async () => (await reach(store)) > followed);
    await pause(every * 500);

    progress('the power fails, and the disk is lost');
    await lost.burnDown();
    const disaster = Date.now();
    await guests.leave();

    progress('restoring into an empty folder');
    const [restoring, { until: point }] = await timed(() => found.ask<{ until: string }>('restore', store));
    const [before, restored] = [await ledgerIn(lost), await ledgerIn(found)];
    progress('having every service read the log again, and starting');
    const [starting] = await timed(async () => {
      await found.ask('rewind');
      await found.start();
    });

    progress('every client sends again what it was told is paid');
    const told = guests.acknowledged;
    const paid = paymentsOf(told);
    await guests.sendAgain(await demoOf(found));
    progress('auditing');
    const audit = await found.ask<Drilled['audit']>('audit');
    const after = await ledgerAt((await found.home.runtime.read())?.environment['DATABASE_URL'] ?? '');
    const back = new Set(restored.map(({ payment }) => payment));
    const cameBack = [...paid].filter((id) => back.has(id)).length;
    return {
      recoveryPointSeconds: inSeconds(disaster - Date.parse(point)),
      recoverySeconds: inSeconds(restoring + starting),
      orders: { acknowledged: paid.size, cameBack, sentAgain: paid.size - cameBack },
      restored: compare(ofTransactions(before, restored), restored, exactly),
      filled: compare(ofPayments(before, paid), ofPayments(after, paymentsOf(told)), inSubstance),
      audit,
    };
  } finally {
    await guests.leave();
    await Promise.all([lost.stop(), found.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a drill shows to be wrong; nothing, if all is well. */
export function faultsOf({
  recoveryPointSeconds,
  recoverySeconds,
  restored,
  filled,
  audit,
  orders,
}: Drilled): string[] {
  const broken = audit.findings.filter(({ holds }) => !holds).map(({ id }) => id);
  return [
    ...(recoveryPointSeconds > LIMITS.recoveryPoint
      ? [`${recoveryPointSeconds} s of sales had to be sent again.`]
      : []),
    ...(recoverySeconds > LIMITS.recovery ? [`It took ${recoverySeconds} s.`] : []),
    ...(restored.postings === 0 || orders.cameBack === 0 ? ['Nothing came back.'] : []),
    ...(restored.before === restored.after ? [] : ['The ledger that came back is not the one that was lost.']),
    ...(filled.before === filled.after ? [] : ['What guests had been told is paid is not all in the ledger again.']),
    ...(audit.holds ? [] : [`The audit does not hold: ${broken.join(', ') || 'something still waits'}.`]),
  ];
}

async function demoOf({ home }: Household) {
  const demo = await home.demo.read();
  if (!demo) throw new Error(`There is no demo.json in ${home.folder}.`);
  return demo;
}

const reach = async (store: string): Promise<string> => (await backupsIn(store)).at(-1)?.until ?? '';

/** @returns how many milliseconds it took, and what came of it */
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

const inSeconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

/**
 * The ledger of a platform that does not run. Of the one that was lost: what had been committed when the power failed, which nobody
 * would know had its disk really been lost.
 */
async function ledgerIn({ home }: Household): Promise<Posting[]> {
  const server = await startEmbeddedPostgres({ folder: home.postgres });
  return ledgerAt(server.url).finally(() => server.stop());
}

function compare(
  before: readonly Posting[],
  after: readonly Posting[],
  line: (posting: Posting) => string,
): Comparison {
  return { postings: after.length, before: checksumOf(before, line), after: checksumOf(after, line) };
}

function ofTransactions(postings: readonly Posting[], others: readonly Posting[]): Posting[] {
  const known = new Set(others.map(({ transaction }) => transaction));
  return postings.filter(({ transaction }) => known.has(transaction));
}

const paymentsOf = (sales: readonly Sale[]): ReadonlySet<string> => new Set(sales.map(({ payment }) => payment.id));

const ofPayments = (postings: readonly Posting[], payments: ReadonlySet<string>): Posting[] =>
  postings.filter(({ payment }) => payments.has(payment));

/** @throws Error when that has not come about in two minutes */
async function until(come: () => boolean | Promise<boolean>): Promise<void> {
  for (const since = performance.now(); !(await come()); await pause(100))
    if (performance.now() - since > 120_000)
      throw new Error('The drill got stuck: what it waits for does not come about.');
}
