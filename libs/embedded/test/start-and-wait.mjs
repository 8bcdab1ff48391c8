// Starts PostgreSQL on the folder it is given, prints its URL and process number, and lives until it is killed.
// Runs from source: Node strips the types, and `./x.js` is found as `./x.ts`.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.startsWith('./') ? specifier.replace(/\.js$/, '.ts') : specifier, context),
});

const { startEmbeddedPostgres } = await import('../src/embedded-postgres.ts');
const { url, pid } = await startEmbeddedPostgres({ folder: process.argv[2], settings: { shared_buffers: '16MB' } });
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
