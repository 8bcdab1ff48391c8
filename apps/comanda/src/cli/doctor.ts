import { readFile, writeFile } from 'node:fs/promises';
import { VERSION } from '@comanda/contracts/words';
import { databases, flow, health, knownSecrets, type Looked, machine, settings } from '../doctor/examine.js';
import { recentErrors } from '../doctor/recent-errors.js';
import { redactAll, redactor } from '../doctor/redact.js';
import { Home } from '../platform/home.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

/** Looks at everything that whoever helps will ask for, and writes it down without secrets. */
export async function doctor({ output, log, json }: { output: string; log?: string; json?: boolean }): Promise<void> {
  const home = new Home();
  const progress = new Progress(process.stderr, json);
  const running = await home.running();
  const secrets = new Set(await knownSecrets(home, { ...process.env, ...running?.environment }));
  progress.step('looking at the platform');
  const [ofMachine, ofPlatform] = [await machine(home), await health(running)];
  progress.step('looking at its databases');
  const ofData = await withDatabases(home, async (environment) => {
    for (const secret of await knownSecrets(home, environment)) secrets.add(secret);
    return { databases: await databases(environment), events: await flow(environment) };
  }).catch((error: unknown): Looked<never> => ({ failed: String(error) }));
  const errors = log
    ? (await readFile(log, 'utf8')).split('\n').filter(isTrouble).slice(-MOST)
    : await recentErrors(home, MOST);
  const redact = redactor(secrets);
  const report = {
    comanda: VERSION,
    at: new Date().toISOString(),
    machine: ofMachine,
    // Of what may be secret they say that it is set, and no more.
    settings: settings(process.env),
    ...(redactAll({ platform: ofPlatform, ...ofData, errors: errors.map(parsed) }, redact) as object),
  };
  if (json) return printJson(report);
  await writeFile(output, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  print(`${output} says how the platform is. Secrets were taken out; look it through before you send it.`);
}

/** Recent errors that are told. */
const MOST = 200;

const isTrouble = (line: string): boolean =>
  /"level":"(warn|error|fatal)"/.test(line) || (line !== '' && !line.startsWith('{'));

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}
