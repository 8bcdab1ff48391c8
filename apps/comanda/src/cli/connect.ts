import { PooledComanda } from '@comanda/client/node';
import type { Command } from 'commander';
import { type Demo, Home } from '../platform/home.js';
import { CommandFailure } from './failure.js';

export interface ConnectOptions {
  readonly url?: string;
  readonly key?: string;
}

/** What every command that asks the platform takes. */
export interface AskOptions extends ConnectOptions {
  readonly json?: boolean;
}

/** Adds those options to a command; what it does needs a key with this scope. */
export function asksPlatform(command: Command, scope: string): Command {
  return command
    .option('--url <url>', 'the platform; by default the one that npm start runs here')
    .option('--key <key>', `an API key with ${scope} (COMANDA_API_KEY)`)
    .option('--json', 'print as JSON');
}

/** Does something with a client of the running platform. */
export async function withPlatform(
  options: ConnectOptions,
  work: (api: PooledComanda) => Promise<void>,
  connections?: number,
): Promise<void> {
  const { api } = await connectToPlatform(options, connections);
  await work(api).finally(() => api.close());
}

/** A client of the running platform: the one in `.comanda`, unless an address and a key are given. */
export async function connectToPlatform(
  { url, key }: ConnectOptions,
  connections?: number,
): Promise<{ api: PooledComanda; demo: Demo | undefined }> {
  const home = new Home();
  const demo = await home.demo.read();
  const baseUrl = url ?? demo?.baseUrl ?? (await home.running())?.baseUrl;
  const apiKey = key ?? process.env['COMANDA_API_KEY'] ?? demo?.apiKey;
  if (!baseUrl)
    throw new CommandFailure('No platform is known here. Start one with npm start, or give --url and --key.');
  if (!apiKey) throw new CommandFailure('Give an API key: --key, or COMANDA_API_KEY.');
  if (!URL.canParse(baseUrl)) throw new CommandFailure(`--url: ${baseUrl} is no address.`, 2);
  const { origin } = new URL(baseUrl);
  return { api: new PooledComanda({ baseUrl: origin, apiKey, ...(connections && { connections }) }), demo };
}
