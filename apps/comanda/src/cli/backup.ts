import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Backup, backupsIn, followServer, keepNewest, takeBackup } from '@comanda/embedded';
import { aboutPlatform, isEmbeddedIn } from '../platform/backups.js';
import { namesDatabases } from '../platform/databases.js';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { print, printJson, Progress, table } from './output.js';
import { withDatabases } from './with-databases.js';

export interface BackupOptions {
  readonly follow?: boolean;
  /** Seconds. */
  readonly every: number;
  /** Hours. */
  readonly wholeEvery: number;
  readonly keep?: number;
  readonly withoutSecret?: boolean;
  readonly json?: boolean;
}

/** Makes a backup of the platform of this folder, and keeps it up to date if that is wanted. */
export async function backUp(folder: string, options: BackupOptions): Promise<void> {
  const home = new Home();
  if (namesDatabases(process.env)) throw new CommandFailure(ELSEWHERE);
  if (options.follow && !(await home.running()))
    throw new CommandFailure('No platform runs here: start it with npm start, then follow it.');
  const progress = new Progress(process.stderr, options.json);
  const store = resolve(folder);
  const began = performance.now();
  await withDatabases(home, async (environment) => {
    const url = environment['DATABASE_URL'] ?? '';
    if (!(await isEmbeddedIn(home, url))) throw new CommandFailure(ELSEWHERE);
    const what = {
      store,
      attachments: await attachmentsOf(home, environment, options),
      about: { ...(await aboutPlatform(environment)) },
      progress: (step: string) => progress.update(step),
    };
    if (options.follow) await follow(home, what, options, progress);
    else {
      await takeBackup({ ...what, url });
      if (options.keep !== undefined) await keepNewest(store, options.keep);
    }
  });
  progress.done();
  const made = (await backupsIn(store)).at(-1);
  if (!made) throw new CommandFailure(`The platform was away: there is no backup in ${store}.`);
  const seconds = Math.round((performance.now() - began) / 1_000);
  if (options.json) printJson({ ...summaryOf(made), seconds });
  else print(`${made.folder} brings back everything until ${made.until}.`);
}

/** Prints what backups there are, newest last. */
export async function listBackups(folder: string, json = false): Promise<void> {
  const all = (await backupsIn(resolve(folder))).map(summaryOf);
  if (json) printJson(all);
  else if (all.length === 0) print('No backups.');
  else
    print(
      table(
        all.map(({ name, from, until, files, bytes }) => [name, from, until, files, Math.round(bytes / 1024 / 1024)]),
        ['backup', 'from', 'until', 'files', 'MB'],
      ),
    );
}

const ELSEWHERE =
  'The databases are on a server of your own: back them up there, see docs/backup.md. This command copies the embedded one.';

/** What a backup can bring back, and how much it is. */
function summaryOf({ name, folder, manifest, until }: Backup) {
  const files = Object.values(manifest.files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  // One that was not followed brings back a single state.
  const from = manifest.ended < until ? manifest.ended : until;
  return { name, folder, from, until, files: files.length, bytes };
}

/** What is not in the databases, and without which they are of little use. */
async function attachmentsOf(
  home: Home,
  environment: NodeJS.ProcessEnv,
  { withoutSecret = false }: BackupOptions,
): Promise<Record<string, string>> {
  const [demo, secret] = ['demo.json', 'secret'].map((name) => join(home.folder, name)) as [string, string];
  const kept = await readFile(secret, 'utf8').catch(() => '');
  // One that is given from outside is kept where that is.
  const ours = !withoutSecret && kept.trim() === environment['COMANDA_SECRET'];
  return { 'demo.json': demo, ...(ours && { secret }) };
}

async function follow(
  home: Home,
  what: Omit<Parameters<typeof followServer>[0], 'url' | 'every' | 'wholeEvery' | 'signal' | 'followed'>,
  { every, wholeEvery, keep }: BackupOptions,
  progress: Progress,
): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  await followServer({
    ...what,
    keep,
    every: every * 1_000,
    wholeEvery: wholeEvery * 3_600_000,
    signal: stop.signal,
    url: async () => (await home.running())?.environment['DATABASE_URL'],
    followed: (until) =>
      progress.update(until ? `everything until ${until} can be brought back` : 'the platform is away; waiting for it'),
  });
}
