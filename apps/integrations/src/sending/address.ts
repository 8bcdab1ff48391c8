import { BlockList, isIP } from 'node:net';

/**
 * Tells whether an address is one of the public internet. Everything else is refused, whatever it is for: this machine,
 * private networks, link-local and metadata addresses, shared (CGNAT), documentation, multicast, and IPv6 that carries an
 * IPv4 address inside (mapped, NAT64, 6to4, Teredo). Sources: IANA's special-purpose address registries.
 */
export function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL.check(address, 'ipv4');
    case 6:
      return GLOBAL_UNICAST.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
    default:
      return false;
  }
}

/** This very machine. */
export const isLoopback = (address: string): boolean =>
  isIP(address) === 4 ? LOOPBACK.check(address, 'ipv4') : address === '::1';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);

/** The only part of IPv6 that is handed out; mapped, NAT64, unique-local, link-local and multicast lie outside. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

const SPECIAL = new BlockList();
const BLOCKS_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // A cloud's metadata service on an address that looks public.
  '168.63.129.16/32',
];
const BLOCKS_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];
for (const block of BLOCKS_4) addTo(SPECIAL, block, 'ipv4');
for (const block of BLOCKS_6) addTo(SPECIAL, block, 'ipv6');

function addTo(list: BlockList, block: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits] = block.split('/');
  list.addSubnet(network, Number(bits), family);
}
