import { connect, databaseUrls } from '@comanda/platform';
import type { Command } from 'commander';
import { loadDemo } from '../demo/load-demo.js';
import { Home } from '../platform/home.js';
import { print, printJson, Progress } from './output.js';
import { withDatabases } from './with-databases.js';

/** The demo chain, on a platform that runs. */
export function seedCommand(program: Command): void {
  program
    .command('seed')
    .description('load the demo chain into a running platform; harmless to repeat')
    .option('--url <url>', 'the platform', 'http://localhost:8080')
    .option('--json', 'print the demo as JSON', false)
    .action(({ url, json }: { url: string; json: boolean }) => {
      const home = new Home();
      const progress = new Progress();
      return withDatabases(home, async (environment) => {
        const identity = await connect(databaseUrls('identity', environment).app, {
          name: 'seed',
          pool: 1,
        }).initialize();
        const secret = environment['COMANDA_SECRET'] ?? '';
        const demo = await loadDemo({
          home,
          identity,
          baseUrl: new URL(url).origin,
          secret,
          progress: (step) => progress.step(step),
        }).finally(() => identity.destroy());
        if (json) printJson(demo);
        else print(`Demo key ${demo.apiKey}`);
      });
    });
}
