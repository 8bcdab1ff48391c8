import { randomUUID } from 'node:crypto';
import type { WebhookDelivery, WebhookEndpoint } from '@comanda/contracts';
import type { Command } from 'commander';
import type { ApiClient } from './api-client.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { moment } from './options.js';
import { print, printJson, table } from './output.js';

interface Options extends ConnectOptions {
  readonly json?: boolean;
}

interface ReplayOptions extends Options {
  readonly from: Date;
  readonly to?: Date;
}

/** Webhooks, through the API like anybody else. */
export function webhooksCommand(program: Command): void {
  const webhooks = program.command('webhooks').description('webhooks: where events are sent, and sending them again');
  const command = (name: string, description: string, scope: string): Command =>
    webhooks
      .command(name)
      .description(description)
      .option('--url <url>', 'the platform; by default the one that npm start runs here')
      .option('--key <key>', `an API key with ${scope} (COMANDA_API_KEY)`)
      .option('--json', 'print as JSON');

  command('list', 'the endpoints, and how they are', 'webhooks:read').action((options: Options) =>
    withApi(options, (api) => listEndpoints(api, options)),
  );

  command('ping', 'send a test event', 'webhooks:manage')
    .argument('<id>', 'as webhooks list shows it')
    .action((id: string, options: Options) =>
      withApi(options, async (api) => {
        const { body } = await api.post<WebhookDelivery>(at(id, 'ping'), { key: randomUUID() });
        if (options.json) printJson(body);
        else print(`A test event is on its way: delivery ${body.id}.`);
      }),
    );

  command('replay', 'send again what was recorded from a point in time on, with the same ids', 'webhooks:manage')
    .argument('<id>', 'as webhooks list shows it')
    .requiredOption('--from <time>', 'recorded at this time or later (RFC 3339)', moment)
    .option('--to <time>', 'recorded before this time; now, unless given', moment)
    .action((id: string, { from, to, ...options }: ReplayOptions) =>
      withApi(options, async (api) => {
        const { body } = await api.post<{ deliveries: number }>(at(id, 'replay'), {
          key: randomUUID(),
          body: { from: from.toISOString(), ...(to && { to: to.toISOString() }) },
        });
        if (options.json) printJson(body);
        else print(`${body.deliveries} events are on their way.`);
      }),
    );
}

const at = (id: string, action: string): string => `/v1/webhooks/${encodeURIComponent(id)}/${action}`;

async function withApi(options: ConnectOptions, work: (api: ApiClient) => Promise<void>): Promise<void> {
  const { api } = await connectToPlatform(options);
  await work(api).finally(() => api.close());
}

async function listEndpoints(api: ApiClient, { json }: Options): Promise<void> {
  const endpoints: WebhookEndpoint[] = [];
  for await (const endpoint of api.all<WebhookEndpoint>('/v1/webhooks')) endpoints.push(endpoint);
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
