/** The `code` that Node and PostgreSQL put on their errors (`ENOENT`, `28P01`); undefined where there is none. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
