import { ALL_SCOPES, type Scope } from '@comanda/contracts/words';
import { type Command, InvalidArgumentError } from 'commander';
import type { ApiKey, Comanda, NewApiKey } from '@comanda/client';
import { asksPlatform, type AskOptions, withPlatform } from './connect.js';
import { CommandFailure } from './failure.js';
import { moment, wholeNumber } from './options.js';
import { collect, complain, given, print, printJson, table } from './output.js';

interface CreateOptions extends AskOptions {
  readonly name: string;
  readonly scopes: Scope[];
  readonly location?: string[];
  readonly rate?: number;
  readonly expires?: Date;
}

/** API keys, through the API like anybody else. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('API keys of the organization');
  const command = (name: string, description: string): Command =>
    asksPlatform(keys.command(name).description(description), 'keys:manage');

  command('list', 'the keys, never themselves').action((options: AskOptions) =>
    withPlatform(options, (api) => listKeys(api, options)),
  );

  command('create', 'make a key; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scopes <scopes>', `what it may do, separated by commas: ${ALL_SCOPES.join(', ')}`, scopesOf)
    .option('--location <ids...>', 'valid at these locations alone')
    .option('--rate <n>', 'requests a second (100)', wholeNumber(1, 100_000))
    .option('--expires <time>', 'valid until then (RFC 3339)', moment)
    .action(({ name, scopes, location, rate, expires, ...options }: CreateOptions) =>
      withPlatform(options, (api) =>
        makeKey(
          api,
          { name, scopes, ...given({ locationIds: location, ratePerSecond: rate, expiresAt: expires?.toISOString() }) },
          options,
        ),
      ),
    );

  command('rotate', 'make a key like this one; both are valid until this one is revoked')
    .argument('<id>', 'as keys list shows it')
    .option('--expires <time>', 'the new one is valid until then; needed where the old one ends, too', moment)
    .action((id: string, { expires, ...options }: AskOptions & { expires?: Date }) =>
      withPlatform(options, (api) => rotateKey(api, id, expires, options)),
    );

  command('revoke', 'revoke a key: refused everywhere within five seconds')
    .argument('<id>', 'as keys list shows it')
    .action((id: string, options: AskOptions) =>
      withPlatform(options, async (api) => {
        const { data } = await api.POST('/v1/identity/keys/{keyId}/revoke', { path: { keyId: id } });
        if (options.json) printJson(data);
        else print(`${data.name} is revoked.`);
      }),
    );
}

async function listKeys(api: Comanda, { json }: AskOptions): Promise<void> {
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

const allKeys = (api: Comanda): Promise<ApiKey[]> => collect(api.all('/v1/identity/keys'));

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'live';
  return new Date(expiresAt) <= new Date() ? 'expired' : `until ${expiresAt}`;
}

/** Each field left out is as the API has it. */
async function makeKey(api: Comanda, wanted: NewApiKey, { json }: AskOptions): Promise<void> {
  const { data: made } = await api.POST('/v1/identity/keys', { body: wanted });
  // The first answer was lost on its way, and a key is shown once.
  if (made.key === null)
    throw new CommandFailure(`The key ${made.id} was made, but got lost on its way here: revoke it and make another.`);
  if (json) return printJson(made);
  print(made.key);
  complain('Keep it: it is stored nowhere. Every service knows it within a few seconds.');
}

async function rotateKey(api: Comanda, id: string, expires: Date | undefined, options: AskOptions): Promise<void> {
  const old = (await allKeys(api)).find((key) => key.id === id);
  if (!old) throw new CommandFailure(`There is no key ${id}: see keys list.`);
  if (old.expiresAt && !expires)
    throw new CommandFailure(`This key is valid until ${old.expiresAt}: say with --expires how long the new one is.`);
  const { name, scopes, locationIds, ratePerSecond } = old;
  const like = {
    name,
    scopes,
    locationIds,
    ratePerSecond,
    rotates: id,
    ...given({ expiresAt: expires?.toISOString() }),
  };
  await makeKey(api, like, options);
  if (!options.json) complain(`Once it is in use: comanda keys revoke ${id}`);
}

function scopesOf(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const unknown = scopes.filter((scope) => !(ALL_SCOPES as string[]).includes(scope));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no scope ${unknown.join(', ')}.`);
  return scopes as Scope[];
}
