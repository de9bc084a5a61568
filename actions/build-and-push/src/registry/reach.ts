import * as dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { excerpt } from '../../../../shared/excerpt';
import { isLoopback } from '../../../../shared/loopback';
import { type AddressKind, kindOfAddress, kindOfHost } from './address';
import { RegistryTrouble } from './faults';

/**
 * Where the requests for one registry may go: to itself, and where it sends them on to (tokens, storage, uploads) only
 * over https and to public addresses, unless the registry itself is at an address of the same kind.
 */
export interface Reach {
  /** @throws RegistryTrouble where a request may not be sent to this address */
  check(url: URL): void;
  /** Resolves names so that the address that is checked is the one that is connected to. */
  readonly lookup: LookupFunction;
  /** Says that a host has answered from an address. */
  answered(hostname: string, address: string | undefined): void;
}

const next = 'check the registry; requests are sent on to public addresses over https only';

/** Storage of AWS, which a VPC may give private addresses (S3 interface endpoints). No one else can own such a name. */
const storage =
  /(?:^|\.)s3(?:express)?(?:-[a-z0-9-]+)?(?:\.dualstack)?(?:\.[a-z]{2,4}(?:-[a-z]+)+-\d{1,2})?(?:\.vpce)?\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** What may be shared with the registry: nothing that it sends on to is at the address of an instance's metadata. */
const own = (kind: AddressKind | undefined): AddressKind[] => (kind === 'loopback' || kind === 'private' ? [kind] : []);

export function reachFrom(base: URL, lookup: typeof dns.lookup = dns.lookup): Reach {
  const allowed = new Set<AddressKind>(['public', ...own(kindOfHost(base.hostname))]);
  // An address counts as the registry's own when it has answered from there; its name may resolve to many.
  const resolved = new Set<string>();
  const isAllowed = (hostname: string, kind: AddressKind) =>
    allowed.has(kind) || (kind === 'private' && storage.test(hostname));
  return {
    check(url) {
      if (url.origin === base.origin) return;
      // Only a registry on this machine is itself asked over http.
      const isPlain = url.protocol === 'http:' && base.protocol === 'http:' && isLoopback(url.host);
      if (url.protocol !== 'https:' && !isPlain) {
        throw refusal(`${excerpt(url.protocol, 20)}//${excerpt(url.host)}, which is not encrypted`);
      }
      const kind = kindOfHost(url.hostname);
      if (kind && url.hostname !== base.hostname && !allowed.has(kind)) throw refusal(at(url.host, kind));
    },
    lookup: ((hostname: string, options: dns.LookupAllOptions, callback: (...answer: unknown[]) => void) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error);
        const isOwn = hostname === base.hostname;
        const fit = addresses.filter(({ address }) => isOwn || isAllowed(hostname, kindOfAddress(address)));
        const [first] = fit;
        if (!first) return callback(refusal(at(hostname, kindOfAddress(addresses[0]?.address ?? ''))));
        if (isOwn) for (const { address } of addresses) resolved.add(address);
        if (options.all) callback(null, fit);
        else callback(null, first.address, first.family);
      });
    }) as LookupFunction,
    answered(hostname, address) {
      if (hostname !== base.hostname || address === undefined || !resolved.has(address)) return;
      for (const kind of own(kindOfAddress(address))) allowed.add(kind);
    },
  };
}

const at = (host: string, kind: AddressKind) => `${excerpt(host)}, which has a ${kind} address`;

const refusal = (where: string) => new RegistryTrouble(`the registry sent the request on to ${where}`, next);
