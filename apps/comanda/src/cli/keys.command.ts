import { randomUUID } from 'node:crypto';
import { ALL_SCOPES, type ApiKey, type Scope } from '@comanda/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import type { ApiClient } from './api-client.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { complain, print, printJson, table } from './output.js';

interface Options extends ConnectOptions {
  readonly json: boolean;
}

/** API keys, through the API like anybody else. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys of the organization');
  const command = (name: string, description: string): Command =>
    keys
      .command(name)
      .description(description)
      .option('--url <url>', 'the platform')
      .option('--key <key>', 'an API key with keys:manage (COMANDA_API_KEY)')
      .option('--json', 'print as JSON', false);

  command('list', 'the keys, never themselves').action((options: Options) =>
    withApi(options, async (api) => {
      const all: ApiKey[] = [];
      for await (const key of api.all<ApiKey>('/v1/identity/keys')) all.push(key);
      if (options.json) printJson(all);
      else
        print(
          table(
            all.map(({ id, name, scopes, revokedAt, expiresAt }) => [
              id,
              name,
              revokedAt ? 'revoked' : expiresAt ? `until ${expiresAt}` : 'live',
              scopes.length === ALL_SCOPES.length ? 'all' : scopes.join(' '),
            ]),
            ['key', 'name', 'state', 'scopes'],
          ),
        );
    }),
  );

  command('create', 'make a key; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scopes>', `what it may do, separated by commas: ${ALL_SCOPES.join(', ')}`, scopesOf)
    .action((options: Options & { name: string; scopes: Scope[] }) =>
      withApi(options, async (api) => {
        const { body } = await api.post<ApiKey & { key: string }>('/v1/identity/keys', {
          key: randomUUID(),
          body: { name: options.name, scopes: options.scopes },
        });
        if (options.json) printJson(body);
        else {
          print(body.key);
          complain('Keep it: it is stored nowhere. Every service knows it within a few seconds.');
        }
      }),
    );

  command('revoke', 'revoke a key: refused everywhere within five seconds')
    .argument('<id>', 'as keys list shows it')
    .action((id: string, options: Options) =>
      withApi(options, async (api) => {
        const { body } = await api.post<ApiKey>(`/v1/identity/keys/${encodeURIComponent(id)}/revoke`, {
          key: randomUUID(),
        });
        if (options.json) printJson(body);
        else print(`${body.name} is revoked.`);
      }),
    );
}

async function withApi(options: ConnectOptions, work: (api: ApiClient) => Promise<void>): Promise<void> {
  const { api } = await connectToPlatform(options);
  await work(api).finally(() => api.close());
}

function scopesOf(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const unknown = scopes.filter((scope) => !(ALL_SCOPES as string[]).includes(scope));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no scope ${unknown.join(', ')}.`);
  return scopes as Scope[];
}
