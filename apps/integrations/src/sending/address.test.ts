import { describe, expect, test } from 'vitest';
import { isPublic } from './address.js';
import { askNameServers, destinationOf, faultIn, REFUSED, type Resolve } from './destination.js';

const FORBIDDEN: readonly [what: string, address: string][] = [
  ['this network', '0.0.0.0'],
  ['private, 10/8', '10.1.2.3'],
  ['shared (CGNAT), first', '100.64.0.1'],
  ['shared (CGNAT), last', '100.127.255.254'],
  ['loopback', '127.0.0.1'],
  ['loopback, elsewhere in 127/8', '127.8.8.8'],
  ['link-local, metadata', '169.254.169.254'],
  ['private, 172.16/12', '172.31.255.255'],
  ['protocol assignments', '192.0.0.170'],
  ['documentation', '192.0.2.1'],
  ['6to4 relay', '192.88.99.1'],
  ['private, 192.168/16', '192.168.1.1'],
  ['benchmarks', '198.19.255.255'],
  ['documentation 2', '198.51.100.7'],
  ['documentation 3', '203.0.113.9'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['a cloud’s metadata on an address that looks public', '168.63.129.16'],
  ['IPv6 unspecified', '::'],
  ['IPv6 loopback', '::1'],
  ['IPv4-mapped private', '::ffff:10.0.0.1'],
  ['IPv4-mapped public', '::ffff:8.8.8.8'],
  ['IPv4-mapped, in hexadecimal', '::ffff:7f00:1'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['NAT64', '64:ff9b::a00:1'],
  ['NAT64, local', '64:ff9b:1::1'],
  ['discard', '100::1'],
  ['Teredo', '2001:0:4136:e378::1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['6to4', '2002:7f00:1::1'],
  ['IPv6 documentation 2', '3fff::1'],
  ['unique local', 'fc00::1'],
  ['unique local, metadata', 'fd00:ec2::254'],
  ['link-local IPv6', 'fe80::1'],
  ['site-local', 'fec0::1'],
  ['multicast IPv6', 'ff02::1'],
  ['no address', 'localhost'],
];

const noName: Resolve = () => Promise.reject(new Error('Nobody should be asked.'));
const strict = { resolve: noName, allowLoopback: false };
const inUrl = (address: string): string => `https://${address.includes(':') ? `[${address}]` : address}/hook`;

describe('K1: events go to no address that is not public:', () => {
  test.each(FORBIDDEN)('%s (%s)', async (_, address) => {
    expect(isPublic(address)).toBe(false);
    expect(await destinationOf(new URL(inUrl(address)), strict)).toBe(REFUSED);
    // However the name servers put it.
    const resolve: Resolve = () => Promise.resolve([address]);
    expect(await destinationOf(new URL('https://hooks.example/'), { ...strict, resolve })).toBe(REFUSED);
  });

  test.each([
    ['decimal', 'https://2130706433/'],
    ['octal', 'https://0177.0.0.1/'],
    ['hexadecimal', 'https://0x7f000001/'],
    ['short', 'https://127.1/'],
    ['full-width digits', 'https://１２７.0.0.1/'],
    ['a trailing dot', 'https://127.0.0.1./'],
    ['its name', 'https://localhost/'],
    ['its name, with a dot', 'https://LOCALHOST./'],
    ['a name below it', 'https://hooks.localhost/'],
  ])('this machine, written as %s', async (_, url) => {
    expect(faultIn(url, { allowLoopback: false })).toBe('It is not a public address.');
    expect(await destinationOf(new URL(url), strict)).toBe(REFUSED);
  });

  test('a name of which one address is private, whichever it is', async () => {
    for (const addresses of [
      ['8.8.8.8', '10.0.0.1'],
      ['10.0.0.1', '8.8.8.8'],
    ]) {
      const resolve: Resolve = () => Promise.resolve(addresses);
      expect(await destinationOf(new URL('https://hooks.example/'), { ...strict, resolve })).toBe(REFUSED);
    }
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::8a',
  ])('but to %s', async (address) => {
    expect(await destinationOf(new URL(inUrl(address)), strict)).toBe(address);
    const resolve: Resolve = () => Promise.resolve([address]);
    expect(await destinationOf(new URL('https://hooks.example/'), { ...strict, resolve })).toBe(address);
  });

  test('a name without an address leads nowhere', async () => {
    const resolve: Resolve = () => Promise.resolve([]);
    expect(await destinationOf(new URL('https://hooks.example/'), { ...strict, resolve })).toBeUndefined();
    expect(await askNameServers('hooks.invalid')).toEqual([]);
  });
});

describe('an address that nobody may write', () => {
  test.each([
    ['http://example.com/', 'It must begin with https://.'],
    ['https://me:secret@example.com/', 'It must not carry a user name or password.'],
    ['https://example.com/#part', 'It must not carry a fragment.'],
    ['https://', 'It is no URL.'],
    ['ftp://example.com/', 'It must begin with https://.'],
  ])('%s', (url, fault) => expect(faultIn(url, { allowLoopback: false })).toBe(fault));
});

describe('where a setting allows this machine, for development', () => {
  const allowed = { resolve: noName, allowLoopback: true };

  test.each(['http://127.0.0.1:8081/', 'http://localhost:8081/', 'https://[::1]/'])('%s is taken', async (url) => {
    expect(faultIn(url, allowed)).toBeUndefined();
    expect(['127.0.0.1', '::1']).toContain(await destinationOf(new URL(url), allowed));
  });

  test.each(['http://example.com/', 'http://10.0.0.1/', 'https://10.0.0.1/', 'https://169.254.169.254/'])(
    '%s is not',
    async (url) => {
      expect(faultIn(url, allowed)).toBeDefined();
      expect(await destinationOf(new URL(url), allowed)).toBe(REFUSED);
    },
  );
});
