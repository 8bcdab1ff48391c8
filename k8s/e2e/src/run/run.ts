import { Broken, CannotRun } from '@comanda/faults/broken';
import { Progress } from '@comanda/faults/progress';
import { Cluster } from '../cluster/cluster.js';
import { Refused } from '../cluster/program.js';
import { loaderFor } from '../images/loader.js';
import { STEPS } from '../steps/index.js';
import type { Noted, Outcome, Stage, Step } from './step.js';

export interface Options {
  readonly only?: readonly string[];
  readonly keep?: boolean;
  readonly namespace: string;
}

/**
 * Takes the steps one after the other, on one installation. Where the ground is missing (no stores, no installation), nothing
 * else is tried.
 * @throws CannotRun when there is no cluster, or a tool is missing
 */
export async function run({ only, keep = false, namespace }: Options): Promise<Outcome[]> {
  const progress = new Progress();
  const cluster = new Cluster(namespace);
  await cluster.mustAnswer();
  const loader = await loaderFor();
  const outcomes: Outcome[] = [];
  for (const step of STEPS.filter(({ name }) => !only || only.includes(name))) {
    progress.say(`${step.name}: ${step.title}`);
    const say = (what: string): void => progress.say(`${step.name}: ${what}`);
    const outcome = await take(step, { cluster, loader, say });
    outcomes.push(outcome);
    progress.say(`${step.name}: ${outcome.ok ? 'kept' : 'BROKEN'} after ${outcome.seconds} s`);
    if (outcome.problem) progress.say(outcome.problem);
    if (!outcome.ok && step.isGround) break;
  }
  if (!keep) {
    progress.say('removing everything');
    await cluster.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  }
  return outcomes;
}

async function take(step: Step, around: Omit<Stage, 'noted'>): Promise<Outcome> {
  const start = performance.now();
  const noted: Noted = { figures: {}, failedRequests: 0, lost: 0, duplicated: 0 };
  let problem: string | undefined;
  try {
    await step.run({ ...around, noted });
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    problem =
      error instanceof Broken || error instanceof Refused ? error.message : String((error as Error).stack ?? error);
  }
  const { name, title } = step;
  const seconds = Math.round((performance.now() - start) / 1_000);
  return { name, title, ok: problem === undefined, seconds, ...noted, ...(problem !== undefined && { problem }) };
}
