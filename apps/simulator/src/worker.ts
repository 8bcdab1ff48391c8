import './surroundings-first.js';
import type { FromWorker, ToWorker, WorkerOptions } from './commands/messages.js';

// Loaded only now: what it loads must be given the simulated surroundings.
const { clear, layGround } = await import('./commands/ground.js');
const { runSeed } = await import('./scenario/run-seed.js');

const { server, prefix, tell } = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions;
const say = (message: FromWorker): void => void process.send?.(message);

const ground = await layGround(server, prefix);
let runs = 0;
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
