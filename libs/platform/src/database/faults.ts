/** The SQLSTATE or system code of an error of the driver, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code =
    (error as { code?: unknown } | null)?.code ??
    (error as { driverError?: { code?: unknown } } | null)?.driverError?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Name of the unique or check constraint that an error broke. */
export function constraintOf(error: unknown): string | undefined {
  const driver = (error as { driverError?: { constraint?: string } } | null)?.driverError;
  return driver?.constraint ?? (error as { constraint?: string } | null)?.constraint;
}

/** Two transactions met: worth another try (serialization failure, deadlock). */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '');

/** Somebody holds the row or the key for longer than we wait. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03';

/** The server takes no writes: it became a standby, or was told so. */
export const isReadOnly = (error: unknown): boolean => codeOf(error) === '25006';

/** The connection is of no more use: the server takes no writes, is shutting down, has hung up or has gone. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined)
    return HUNG_UP.has(code) || code.startsWith('57P') || code.startsWith('08') || SYSTEM.has(code);
  return error instanceof Error && LOST.test(error.message);
}

/**
 * The fault lies with the infrastructure, not with what was asked: the same request may succeed later.
 * HTTP answers 503 with Retry-After; a consumer retries for ever and parks nothing.
 */
export function isInfrastructure(error: unknown): boolean {
  const code = codeOf(error);
  return (
    isCollision(error) ||
    isLockTimeout(error) ||
    isConnectionLost(error) ||
    (code !== undefined && (code.startsWith('53') || code.startsWith('58') || code === '57014'))
  );
}

/** Read-only, and idle in a transaction for too long. */
const HUNG_UP = new Set(['25006', '25P03']);
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// What the driver and its pool say without a code.
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired$|Client has encountered a connection error|Client was closed|Cannot use a pool after|Query read timeout)/;

/** What a database that refuses us says, in a sentence for whoever started us; `undefined` where it says something else. */
export function refusedByDatabase(error: unknown): string | undefined {
  const said = error instanceof Error ? error.message : '';
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `The database refused the log-in (${said}): run comanda migrate first, or give the COMANDA_SECRET that it was migrated with.`;
    case '3D000':
      return `There is no such database (${said}): run comanda migrate first.`;
    case '42P01':
      return `A table is missing (${said}): run comanda migrate first.`;
    default:
      return undefined;
  }
}
