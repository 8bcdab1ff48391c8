import { randomUUID } from 'node:crypto';
import { ALL_SCOPES, type ApiKey, type Scope } from '@comanda/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import type { ApiClient } from './api-client.js';
import { connectToPlatform, type ConnectOptions } from './connect.js';
import { CommandFailure } from './failure.js';
import { moment, wholeNumber } from './options.js';
import { complain, print, printJson, table } from './output.js';

interface Options extends ConnectOptions {
  readonly json?: boolean;
}

interface CreateOptions extends Options {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly location?: readonly string[];
  readonly rate?: number;
  readonly expires?: Date;
}

/** API keys, through the API like anybody else. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys of the organization');
  const command = (name: string, description: string): Command =>
    keys
      .command(name)
      .description(description)
      .option('--url <url>', 'the platform; by default the one that npm start runs here')
      .option('--key <key>', 'an API key with keys:manage (COMANDA_API_KEY)')
      .option('--json', 'print as JSON');

  command('list', 'the keys, never themselves').action((options: Options) =>
    withApi(options, (api) => listKeys(api, options)),
  );

  command('create', 'make a key; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scopes>', `what it may do, separated by commas: ${ALL_SCOPES.join(', ')}`, scopesOf)
    .option('--location <ids...>', 'valid at these locations alone')
    .option('--rate <n>', 'requests a second (100)', wholeNumber(1, 100_000))
    .option('--expires <time>', 'valid until then (RFC 3339)', moment)
    .action(({ name, scopes, location, rate, expires, ...options }: CreateOptions) =>
      withApi(options, (api) =>
        makeKey(api, { name, scopes, locationIds: location, ratePerSecond: rate, expiresAt: expires }, options),
      ),
    );

  command('rotate', 'make a key like this one; both are valid until this one is revoked')
    .argument('<id>', 'as keys list shows it')
    .option('--expires <time>', 'the new one is valid until then; needed where the old one ends, too', moment)
    .action((id: string, { expires, ...options }: Options & { expires?: Date }) =>
      withApi(options, (api) => rotateKey(api, id, expires, options)),
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

async function listKeys(api: ApiClient, { json }: Options): Promise<void> {
  const keys = await allKeys(api);
  if (json) printJson(keys);
  else
    print(
      table(
        keys.map((key) => [
          key.id,
          key.name,
          stateOf(key),
          key.scopes.length === ALL_SCOPES.length ? 'all' : key.scopes.join(' '),
        ]),
        ['key', 'name', 'state', 'scopes'],
      ),
    );
}

async function allKeys(api: ApiClient): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  for await (const key of api.all<ApiKey>('/v1/identity/keys')) keys.push(key);
  return keys;
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'live';
  return new Date(expiresAt) <= new Date() ? 'expired' : `until ${expiresAt}`;
}

/** Each field left out is as the API has it. */
async function makeKey(api: ApiClient, wanted: object, { json }: Options): Promise<void> {
  const { body } = await api.post<ApiKey & { key: string | null }>('/v1/identity/keys', {
    key: randomUUID(),
    body: wanted,
  });
  // The first answer was lost on its way, and a key is shown once.
  if (body.key === null)
    throw new CommandFailure(`The key ${body.id} was made, but got lost on its way here: revoke it and make another.`);
  if (json) return printJson(body);
  print(body.key);
  complain('Keep it: it is stored nowhere. Every service knows it within a few seconds.');
}

async function rotateKey(api: ApiClient, id: string, expires: Date | undefined, options: Options): Promise<void> {
  const old = (await allKeys(api)).find((key) => key.id === id);
  if (!old) throw new CommandFailure(`There is no key ${id}: see keys list.`);
  if (old.expiresAt && !expires)
    throw new CommandFailure(`This key is valid until ${old.expiresAt}: say with --expires how long the new one is.`);
  const { name, scopes, locationIds, ratePerSecond } = old;
  await makeKey(api, { name, scopes, locationIds, ratePerSecond, expiresAt: expires, rotates: id }, options);
  if (!options.json) complain(`Once it is in use: comanda keys revoke ${id}`);
}

function scopesOf(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const unknown = scopes.filter((scope) => !(ALL_SCOPES as string[]).includes(scope));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no scope ${unknown.join(', ')}.`);
  return scopes as Scope[];
}
