import type { World } from './world.js';

/** How the provider takes a call on a bad day: as the sandbox names it. */
export interface BadDay {
  readonly operation: 'authorize' | 'refund' | 'lookup';
  readonly times: number;
  readonly manner: { readonly as: string; readonly [setting: string]: unknown };
}

/** Has the provider take the next calls of the chain badly. */
export async function spoil(world: World, day: BadDay): Promise<void> {
  await ask(world, 'POST', '/control/faults', { account: world.demo.organizationId, ...day });
}

/** Has the provider take everything well again. */
export async function unspoil(world: World): Promise<void> {
  await ask(world, 'DELETE', '/control/faults');
}

/** Has the provider send a webhook. Resolves to how it was answered, each time. */
export async function sendWebhook(world: World, webhook: object): Promise<number[]> {
  return ((await ask(world, 'POST', '/control/webhooks', webhook)) as { statuses: number[] }).statuses;
}

async function ask({ control, demo }: World, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${control.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${control.key}`,
      'sandbox-account': demo.organizationId,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`The provider's control answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
