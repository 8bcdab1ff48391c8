import type { DatabaseServer } from '../database/server.js';
import type { Provider } from '../provider/provider.js';
import type { World } from './world.js';

/** What is reached from inside a world. */
export interface Reached {
  readonly provider: Provider;
  /** @throws when the world has no such database */
  server(database: string): DatabaseServer;
}

const worlds = new WeakMap<World, Reached>();

/** Says what is reached from inside a world. */
export const reach = (world: World, reached: Reached): void => void worlds.set(world, reached);

/** What is reached from inside a world. @throws when nobody has said so */
export function found(world: World): Reached {
  const reached = worlds.get(world);
  if (!reached) throw new Error('Nothing is reached from this world yet.');
  return reached;
}
