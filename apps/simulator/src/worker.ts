import './surroundings-first.js';
import { breakRule } from './broken/break-rule.js';
import type { FromWorker, ToWorker, WorkerOptions } from './commands/messages.js';

const { server, prefix, tell, broken } = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const requireBroken = broken === undefined ? undefined : breakRule(broken);

// Loaded only now: what it loads must be given the simulated surroundings.
const { clear, layGround } = await import('./commands/ground.js');
const { runSeed } = await import('./scenario/run-seed.js');

requireBroken?.();
const say = (message: FromWorker): void => void process.send?.(message);

const ground = await layGround(server, prefix);
let runs = 0;
// What is loaded or compiled at its first use takes real turns of the event loop: no seed that counts may have them.
await runSeed(ground, 0, ++runs);
process.on('message', ({ seed }: ToWorker) => {
  void clear(ground)
    .then(() => runSeed(ground, seed, ++runs, { tell }))
    .then(
      (result) => say({ result }),
      (error: unknown) => say({ failed: `seed ${seed}: ${error instanceof Error ? error.stack : String(error)}` }),
    );
});
process.on('disconnect', () => process.exit());
say({ ready: true });
