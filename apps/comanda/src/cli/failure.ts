import { dirname } from 'node:path';

/** A command cannot go on: one sentence for the person who typed it. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';

  constructor(
    sentence: string,
    readonly exitCode = 1,
  ) {
    super(sentence);
  }
}

/** What an error means to the person who typed the command; `undefined` when it is a defect of ours, which shows its stack. */
export async function sentenceOf(error: unknown): Promise<string | undefined> {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof CommandFailure || EXPLAINED.includes(error.name)) return error.message;
  if (error.name === 'Unreachable') return `${error.message} Is the platform running (npm start)?`;
  if (error.name.startsWith('KafkaJS')) return `Kafka: ${causeOf(error).message}.`;
  const { code, message, address, port, path, syscall } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port ?? '?'} is in use. Stop what listens there, or choose another: PORT=8081 npm start.`;
    case 'ENOSPC':
      return 'The disk is full.';
    case 'EACCES':
    case 'EPERM':
      return path ? `${path} may not be read or written by this user.` : message;
    case 'EROFS':
      return `${path ?? 'The disk'} can be read only.`;
    case 'ENOENT':
      return syscall === 'open' && path ? `There is no file ${path}.` : undefined;
    case 'ENOTDIR':
      return `${path ? dirname(path) : 'A file'} is a file where a folder is needed.`;
    case 'EISDIR':
      return 'A folder was named where a file is needed.';
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address ?? '?'}: HOST must be one of its own.`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${address ?? '?'}:${port ?? '?'}.`;
    case 'ENOTFOUND':
      return `There is no host ${(error as { hostname?: string }).hostname ?? '?'}.`;
    case '28P01':
    case '28000':
    case '3D000':
    case '42P01': {
      // Loaded by now: nobody else throws these.
      const { refusedByDatabase } = await import('@comanda/platform');
      return refusedByDatabase(error);
    }
    case '53300':
      return 'The database has no connections left.';
    default:
      return undefined;
  }
}

/** Errors that explain themselves, by name: what throws them takes a second to load, and most commands do without. */
const EXPLAINED: readonly string[] = ['ApiProblem', 'BackupError', 'ConfigError', 'EmbeddedPostgresError'];

/** What kafkajs wraps, once or twice, in errors of its own. */
function causeOf(error: Error): Error {
  return error.cause instanceof Error ? causeOf(error.cause) : error;
}
