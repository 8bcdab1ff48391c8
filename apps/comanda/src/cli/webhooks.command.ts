import type { Comanda, WebhookEndpoint } from '@comanda/client';
import type { Command } from 'commander';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { moment } from './options.js';
import { collect, print, printJson, table } from './output.js';

interface ReplayOptions extends AskOptions {
  readonly from: Date;
  readonly to?: Date;
}

/** Webhooks, through the API like anybody else. */
export function webhooksCommand(program: Command): void {
  const webhooks = program.command('webhooks').description('webhooks: where events are sent, and sending them again');
  const command = (name: string, description: string, scope: string): Command =>
    asksPlatform(webhooks.command(name).description(description), scope);

  command('list', 'the endpoints, and how they are', 'webhooks:read').action((options: AskOptions) =>
    withPlatform(options, (api) => listEndpoints(api, options)),
  );

  command('ping', 'send a test event', 'webhooks:manage')
    .argument('<id>', 'as webhooks list shows it')
    .action((id: string, options: AskOptions) =>
      withPlatform(options, async (api) => {
        const { data } = await api.POST('/v1/webhooks/{endpointId}/ping', { path: { endpointId: id } });
        if (options.json) printJson(data);
        else print(`A test event is on its way: delivery ${data.id}.`);
      }),
    );

  command('replay', 'send again what was recorded from a point in time on, with the same ids', 'webhooks:manage')
    .argument('<id>', 'as webhooks list shows it')
    .requiredOption('--from <time>', 'recorded at this time or later (RFC 3339)', moment)
    .option('--to <time>', 'recorded before this time; now, unless given', moment)
    .action((id: string, { from, to, ...options }: ReplayOptions) =>
      withPlatform(options, async (api) => {
        const { data } = await api.POST('/v1/webhooks/{endpointId}/replay', {
          path: { endpointId: id },
          body: { from: from.toISOString(), ...(to && { to: to.toISOString() }) },
        });
        if (options.json) printJson(data);
        else print(`${data.deliveries} events are on their way.`);
      }),
    );
}

async function listEndpoints(api: Comanda, { json }: AskOptions): Promise<void> {
  const endpoints = await collect(api.all('/v1/webhooks'));
  if (json) printJson(endpoints);
  else
    print(
      table(
        endpoints.map((endpoint) => [
          endpoint.id,
          endpoint.url,
          stateOf(endpoint),
          endpoint.eventTypes?.join(' ') ?? 'all',
        ]),
        ['endpoint', 'url', 'state', 'events'],
      ),
    );
}

function stateOf({ status, disabledReason, failingSince }: WebhookEndpoint): string {
  if (status === 'disabled') return disabledReason === 'failing' ? 'disabled: failing' : 'disabled';
  return failingSince ? `failing since ${failingSince}` : 'enabled';
}
