import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback, isPublic } from './address.js';

/** Finds the addresses of a name; none when there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Said of a destination that nobody may be sent to. */
export const REFUSED: unique symbol = Symbol('refused');

/** What is wrong with an address as it is written, before anybody is asked for its name; undefined when nothing is. */
export function faultIn(text: string, { allowLoopback }: { allowLoopback: boolean }): string | undefined {
  if (!URL.canParse(text)) return 'It is no URL.';
  const url = new URL(text);
  if (url.username || url.password) return 'It must not carry a user name or password.';
  if (url.hash) return 'It must not carry a fragment.';
  const host = hostOf(url);
  const own = isIP(host) ? isLoopback(host) : isLocalName(host);
  if (allowLoopback && own) return undefined;
  if (url.protocol !== 'https:') return 'It must begin with https://.';
  if (own || (isIP(host) && !isPublic(host))) return 'It is not a public address.';
  return undefined;
}

/**
 * The address to connect to: what the name leads to, or what is written. The caller must connect to this very address
 * and not ask for the name again, or the next answer could be another (DNS rebinding).
 * @returns `REFUSED` when any of the name's addresses is not a public one; undefined when it has none
 */
export async function destinationOf(
  url: URL,
  { resolve, allowLoopback }: { resolve: Resolve; allowLoopback: boolean },
): Promise<string | typeof REFUSED | undefined> {
  if (faultIn(url.href, { allowLoopback }) !== undefined) return REFUSED;
  const host = hostOf(url);
  const addresses = isIP(host) ? [host] : isLocalName(host) ? ['127.0.0.1'] : await resolve(host);
  const mayGo = (address: string): boolean =>
    url.protocol === 'https:' ? isPublic(address) || (allowLoopback && isLoopback(address)) : isLoopback(address);
  return addresses.every(mayGo) ? addresses[0] : REFUSED;
}

/** Asks the name servers themselves: neither a hosts file nor a search domain leads to a neighbour, and none waits in line. */
export async function askNameServers(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

/** The host of a URL as an address or name, without the brackets of IPv6. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** RFC 6761: such a name is this machine, whatever a name server says. */
const isLocalName = (host: string): boolean => /(^|\.)localhost\.?$/.test(host);
