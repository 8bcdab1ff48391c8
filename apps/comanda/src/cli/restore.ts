import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Backup, backupAt, restoreBackup } from '@comanda/embedded';
import { aboutIn, fingerprintOf, newerThanUs } from '../platform/backups.js';
import { namesDatabases } from '../platform/databases.js';
import { Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';
import { complain, print, printJson, Progress } from './output.js';

/** Brings a platform back into the home folder, in which there must be none. */
export async function restore(folder: string, { to, json }: { to?: Date; json?: boolean }): Promise<void> {
  const home = new Home();
  const running = await home.running();
  if (running)
    throw new CommandFailure(`A platform runs here (process ${running.pid}): stop it, and move its state away.`);
  if (namesDatabases(process.env))
    throw new CommandFailure('The databases are on a server of your own: restore them there, see docs/backup.md.');
  if (existsSync(home.postgres))
    throw new CommandFailure(
      `There is a platform in ${home.folder}: move it away, or name another folder (COMANDA_HOME).`,
    );
  const began = performance.now();
  const backup = await backupAt(resolve(folder), to);
  const newer = newerThanUs(aboutIn(backup));
  if (newer.length > 0)
    throw new CommandFailure(
      `The backup was made by a newer Comanda (${newer.join(', ')}): restore it with that version, or one that is newer still.`,
    );
  await mkdir(home.folder, { recursive: true });
  await bringSecret(home, backup);
  const progress = new Progress(process.stderr, json);
  await restoreBackup({ backup, folder: home.postgres, at: to, progress: (step) => progress.update(step) });
  progress.done();
  await bringDemo(home, backup);
  const until = (to ?? new Date(backup.until)).toISOString();
  const seconds = Math.round((performance.now() - began) / 1_000);
  if (json) printJson({ backup: backup.name, home: home.folder, until, seconds });
  else
    print(
      `${home.folder} is as it was at ${until}, after ${seconds} s. Start it with npm start, then run npm run audit.`,
    );
  if (aboutIn(backup).kafka) complain(LOG_AHEAD);
}

const LOG_AHEAD =
  'Its event log was on Kafka and may be ahead of it: before the start, have every service read it again (comanda rewind), see docs/backup.md.';

/** The secret that the platform had: of the environment, of the folder, or of the backup. */
async function bringSecret(home: Home, backup: Backup): Promise<void> {
  const kept = (file: string): Promise<string> =>
    readFile(file, 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const given = process.env['COMANDA_SECRET'] || (await kept(join(home.folder, 'secret')));
  const secret = given || (await kept(join(backup.folder, 'home', 'secret')));
  if (!secret)
    throw new CommandFailure(
      'The backup was made without the secret: give the one that the platform had, as COMANDA_SECRET.',
    );
  if (fingerprintOf(secret) !== aboutIn(backup).secret)
    throw new CommandFailure(
      `${process.env['COMANDA_SECRET'] ? 'COMANDA_SECRET' : `The secret in ${home.folder}`} is not the one that the platform had when the backup was made.`,
    );
  if (!given) await writeOwn(join(home.folder, 'secret'), `${secret}\n`);
}

async function bringDemo(home: Home, { folder, manifest }: Backup): Promise<void> {
  const demo = join('home', 'demo.json');
  if (manifest.files[demo]) await writeOwn(join(home.folder, 'demo.json'), await readFile(join(folder, demo), 'utf8'));
}

/** For its owner alone: on the disk that the backup is on everybody may be able to read everything. */
const writeOwn = (file: string, text: string): Promise<void> => writeFile(file, text, { mode: 0o600 });
