import { errorCode } from './error-code.js';
import type { PostgresUser } from './postgres-user.js';

/** Why the embedded PostgreSQL did not start. */
export type EmbeddedPostgresErrorCode =
  | 'port_in_use'
  | 'folder_not_accessible'
  | 'disk_full'
  | 'already_running'
  | 'failed';

/** The embedded PostgreSQL could not start. The message is one sentence a person can act on: print it and nothing else. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}

export function portInUse(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'port_in_use',
    `Port ${port} on 127.0.0.1 is in use by another program: stop it, or choose another port for PostgreSQL.`,
  );
}

function diskFull(folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk_full',
    `The disk that holds ${folder} is full: make room (a new database needs about 60 MB) and start again.`,
  );
}

export function notAccessible(folder: string, user: PostgresUser, why: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'folder_not_accessible',
    `PostgreSQL runs as the user "${user.name}" and cannot use ${folder}: ${why}. Choose a folder that this user can enter.`,
  );
}

const fullDisk: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const closedFolder: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

/** What the operating system answered while files were made ready. What is not its answer is a bug and passes unchanged. */
export function fromSystem(error: unknown, folder: string, user: PostgresUser): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const code = errorCode(error);
  if (fullDisk.includes(code)) return diskFull(folder);
  if (closedFolder.includes(code)) return notAccessible(folder, user, error.message);
  return new EmbeddedPostgresError('failed', `PostgreSQL did not start in ${folder}: ${error.message}`, {
    cause: error,
  });
}

/** What the server, or initdb, said before it gave up. */
export function fromServer(
  lastWords: string,
  folder: string,
  user: PostgresUser,
  port?: number,
): EmbeddedPostgresError {
  if (lastWords.includes('No space left on device')) return diskFull(folder);
  if (port !== undefined && lastWords.includes('Address already in use')) return portInUse(port);
  if (/lock file ".*" already exists/.test(lastWords)) {
    return new EmbeddedPostgresError(
      'already_running',
      `Another PostgreSQL server is using the database in ${folder}: stop that one first.`,
    );
  }
  const lines = lastWords.split('\n');
  const complaint = (lines.findLast((line) => /(FATAL|PANIC|error): /.test(line)) ?? lines.at(-1) ?? '').trim();
  if (complaint.includes('Permission denied')) return notAccessible(folder, user, complaint);
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL did not start in ${folder}: ${complaint || 'it said nothing'}`,
  );
}
