import { type Demo, Home } from '../platform/home.js';
import { ApiClient } from './api-client.js';
import { CommandFailure } from './failure.js';

export interface ConnectOptions {
  readonly url?: string;
  readonly key?: string;
}

/** A client of the running platform: the one in `.comanda`, unless an address and a key are given. */
export async function connectToPlatform(
  { url, key }: ConnectOptions,
  connections?: number,
): Promise<{ api: ApiClient; demo: Demo | undefined }> {
  const home = new Home();
  const demo = await home.demo.read();
  const baseUrl = url ?? demo?.baseUrl ?? (await home.running())?.baseUrl;
  const apiKey = key ?? process.env['COMANDA_API_KEY'] ?? demo?.apiKey;
  if (!baseUrl)
    throw new CommandFailure('No platform is known here. Start one with npm start, or give --url and --key.');
  if (!apiKey) throw new CommandFailure('Give an API key: --key, or COMANDA_API_KEY.');
  if (!URL.canParse(baseUrl)) throw new CommandFailure(`--url: ${baseUrl} is no address.`, 2);
  return { api: new ApiClient(new URL(baseUrl).origin, apiKey, connections), demo };
}
