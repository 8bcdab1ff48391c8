export { EmbeddedPostgresError } from './embedded-postgres-error.js';
export type { EmbeddedPostgresErrorCode } from './embedded-postgres-error.js';
export { startEmbeddedPostgres } from './embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { freePort } from './free-port.js';
export { serverEnvironment, startServerProcess } from './server-process.js';
export { withConnection } from './with-connection.js';
export type { Ending, ServerProcess, ServerProcessOptions } from './server-process.js';
