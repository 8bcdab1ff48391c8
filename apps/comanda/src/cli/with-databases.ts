import { openDatabases } from '../platform/databases.js';
import type { Home } from '../platform/home.js';

/**
 * Runs a command with the databases of the platform: those of the environment, those of the platform that runs here, or,
 * when none runs, the embedded ones, started for as long as the command takes.
 */
export async function withDatabases<T>(home: Home, work: (environment: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const running = await home.runtime.read();
  if (running && isAlive(running.pid))
    return work({ ...process.env, ...running.environment, COMANDA_SECRET: await home.secret() });
  const databases = await openDatabases(home, process.env, () => undefined);
  try {
    return await work(databases.environment);
  } finally {
    await databases.embedded?.stop();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
