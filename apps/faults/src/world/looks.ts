import { SERVICES, type ServiceName } from '@comanda/contracts';
import { query } from './query.js';
import type { World } from './world.js';

/** Whether a service says that it may get requests. */
export const ready = (world: World, service: ServiceName): Promise<boolean> => answers(world, service, '/health/ready');

/** Whether a service says that it lives. */
export const alive = (world: World, service: ServiceName): Promise<boolean> => answers(world, service, '/health/live');

/** How many committed events wait in outboxes. */
export async function waitingEvents({ postgres }: World): Promise<number> {
  const counts = await Promise.all(
    SERVICES.map((name) =>
      query<{ n: number }>(
        postgres.url,
        `comanda_${name}`,
        'select count(*)::int as n from outbox where published_at is null',
      ),
    ),
  );
  return counts.flat().reduce((sum, { n }) => sum + n, 0);
}

async function answers(world: World, service: ServiceName, path: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${world.urlOf(service)}${path}`, { signal: AbortSignal.timeout(5_000) });
    return status === 200;
  } catch {
    return false;
  }
}
