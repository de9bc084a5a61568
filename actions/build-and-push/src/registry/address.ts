import { isIP } from 'node:net';

/** Where an address is. Only what is `public` may be reached because some registry says so. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'link-local';

/** IPv4 networks that are not public. Source: IANA's registry of special-purpose addresses (RFC 6890). */
const networks: readonly (readonly [network: string, bits: number, kind: AddressKind])[] = [
  // Linux connects 0.0.0.0 to itself.
  ['0.0.0.0', 8, 'loopback'],
  ['127.0.0.0', 8, 'loopback'],
  // The metadata of EC2 and the credentials of ECS are here.
  ['169.254.0.0', 16, 'link-local'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'private'],
  // Multicast, reserved and broadcast: nothing that answers can be there.
  ['224.0.0.0', 3, 'link-local'],
];

const numberOf = (ipv4: string) => ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function kindOfIpv4(address: number): AddressKind {
  const within = ([network, bits]: readonly [string, number, ...unknown[]]) =>
    Math.floor(address / 2 ** (32 - bits)) === Math.floor(numberOf(network) / 2 ** (32 - bits));
  return networks.find(within)?.[2] ?? 'public';
}

/** The eight groups of an IPv6 address. */
function groupsOf(text: string): number[] {
  const plain = text.replace(/%.*$/, '').replace(/[\d.]+$/, (tail) => {
    if (!tail.includes('.')) return tail;
    const number = numberOf(tail);
    return `${Math.floor(number / 65536).toString(16)}:${(number % 65536).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const read = (part: string | undefined) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array<number>(Math.max(0, 8 - first.length - last.length)).fill(0), ...last];
}

function kindOfIpv6(text: string): AddressKind {
  const groups = groupsOf(text);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups;
  const rest = [c, d, e].every((group) => group === 0);
  const isBelow = a === 0 && b === 0 && rest;
  if (isBelow && f === 0 && g === 0 && h <= 1) return 'loopback';
  // An IPv4 address in another form: mapped, compatible, NAT64 (RFC 6052) and 6to4.
  if (isBelow && (f === 0 || f === 0xffff)) return kindOfIpv4(g * 65536 + h);
  if (a === 0x64 && b === 0xff9b && rest && f === 0) return kindOfIpv4(g * 65536 + h);
  if (a === 0x2002) return kindOfIpv4(b * 65536 + c);
  // The instance metadata and other services of EC2 (fd00:ec2::254).
  if (a === 0xfd00 && b === 0xec2) return 'link-local';
  if (a >= 0xfc00 && a < 0xfe00) return 'private';
  if (a >= 0xfe80 && a < 0xfec0) return 'link-local';
  if (a >= 0xfec0 && a < 0xff00) return 'private';
  return a >= 0xff00 ? 'link-local' : 'public';
}

/** The kind of an IP address. */
export const kindOfAddress = (address: string): AddressKind =>
  isIP(address) === 4 ? kindOfIpv4(numberOf(address)) : kindOfIpv6(address);

/**
 * The kind of a host as `URL` writes it, which has turned every notation of an IPv4 address into the usual one; undefined
 * for a name, whose address is known when it is connected to.
 */
export function kindOfHost(hostname: string): AddressKind | undefined {
  const name = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(name) !== 0) return kindOfAddress(name);
  return /(?:^|\.)localhost$/.test(name) ? 'loopback' : undefined;
}
