import type { Bench } from '../bench.js';
import { closedLoop, type LoadRun } from '../driver/closed-loop.js';
import { BenchFailure } from '../failure.js';
import { meter, perOperation } from '../machine/meter.js';
import { medusa } from '../peers/medusa.js';
import { type PeerRecipe, startPeer } from '../peers/peer.js';
import { vendure } from '../peers/vendure.js';
import { countStatements, resetStatements, totalOf } from '../platform/statements.js';
import type { Cell, CompleteOrderFigures, Findings, PeerFigures } from '../report/figures.js';
import { ratio, rounded } from '../report/table.js';
import { completeOrders } from './complete-order.js';
import { turnsOf } from './side.js';

const CLIENTS = 8;

/**
 * A complete order here and at what a user would pick instead: on one machine, one PostgreSQL, with the same eight clients, in
 * turns.
 */
export async function measurePeers(bench: Bench): Promise<Findings> {
  const peers: Record<string, PeerFigures | null> = {};
  const absent: string[] = [];
  const rows: Cell[][] = [];
  for (const recipe of [vendure, medusa]) {
    const compared = await compare(bench, recipe).catch((error: unknown) => {
      if (!(error instanceof BenchFailure)) throw error;
      absent.push(`Without ${recipe.name}: ${error.message}`);
      return null;
    });
    peers[recipe.name] = null;
    if (compared === null) continue;
    const { ours, theirs } = compared;
    const cpuRatio = ratio(theirs.cpuMs, ours.cpuMs);
    const statementsRatio = rounded(theirs.sqlStatements / ours.sqlStatements);
    const rateRatio = rounded(ours.perSecond / theirs.perSecond);
    peers[recipe.name] = { ...theirs, cpuRatio, statementsRatio, rateRatio };
    rows.push(
      [recipe.name, theirs.cpuMs, theirs.sqlStatements, theirs.perSecond],
      ['  Comanda, in turns with it', ours.cpuMs, ours.sqlStatements, ours.perSecond],
      ['  times', cpuRatio, statementsRatio, rateRatio],
    );
  }
  return {
    figures: { peers },
    table: {
      title: `A complete order, ${CLIENTS} clients`,
      columns: ['who', 'CPU ms, database included', 'SQL statements', 'orders/s'],
      rows,
      notes: [
        ...absent,
        'Ours until its last effect is there: ledger and points too, which the others do not keep.',
        'Theirs until they say that the order is paid; what they do after that in the background is in CPU while clients order.',
      ],
    },
  };
}

/** Installs and starts one, lets it take turns with ours, and stops it. */
async function compare(
  bench: Bench,
  recipe: PeerRecipe,
): Promise<{ ours: CompleteOrderFigures; theirs: CompleteOrderFigures }> {
  const folder = bench.folderFor(recipe.name);
  const peer = await startPeer(recipe, { folder, postgres: bench.postgres, progress: bench.progress });
  bench.defer(() => peer.stop());
  const client = await recipe.open(peer.baseUrl, folder, CLIENTS);
  const load = (seconds: number) => closedLoop({ workers: CLIENTS, seconds, act: (each) => client.complete(each) });
  await load(3);
  const [ours, theirs]: [CompleteOrderFigures[], CompleteOrderFigures[]] = [[], []];
  const turns = turnsOf(bench.options.seconds);
  for (const [turn, seconds] of turns.entries()) {
    bench.progress(`${recipe.name}: turn ${turn + 1} of ${turns.length}`);
    const { usage, statements, perSecond, load: done } = await completeOrders(bench, seconds, CLIENTS);
    const cpuMs = usage.postgres === null ? null : usage.platform + usage.postgres;
    ours.push({ cpuMs, sqlStatements: totalOf(statements) / done.begun, perSecond });
    theirs.push(await theirTurn(bench, { pid: peer.pid, database: peer.database }, () => load(seconds)));
  }
  await client.close();
  await peer.stop();
  return { ours: averageOf(ours), theirs: averageOf(theirs) };
}

/** What a turn of theirs cost. The platform stands idle meanwhile; the little that it asks of the server is in their CPU. */
async function theirTurn(
  { postgres }: Bench,
  peer: { readonly pid: number; readonly database: string },
  load: () => Promise<LoadRun>,
): Promise<CompleteOrderFigures> {
  await resetStatements(postgres.url);
  const used = meter({ platform: peer.pid, postgres: postgres.pid });
  const since = performance.now();
  const { begun } = await load();
  const seconds = (performance.now() - since) / 1000;
  const usage = perOperation(used(), begun);
  const statements = await countStatements(postgres.url, { prefix: peer.database, administrator: true });
  return {
    cpuMs: usage.postgres === null ? null : usage.platform + usage.postgres,
    sqlStatements: totalOf(statements) / begun,
    perSecond: begun / seconds,
  };
}

/** Of turns that were equally long. */
function averageOf(turns: readonly CompleteOrderFigures[]): CompleteOrderFigures {
  const mean = (values: readonly number[]): number =>
    rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
  const cpu = turns.map(({ cpuMs }) => cpuMs).filter((value) => value !== null);
  return {
    cpuMs: cpu.length === turns.length ? mean(cpu) : null,
    sqlStatements: mean(turns.map(({ sqlStatements }) => sqlStatements)),
    perSecond: mean(turns.map(({ perSecond }) => perSecond)),
  };
}
