import {type LookupAddress, type LookupOptions, lookup} from 'node:dns';
import {BlockList, isIP} from 'node:net';

/** Where an IP address is: on this machine, on its link (where clouds keep credentials), in a private network, or anywhere. */
export type Zone = 'loopback' | 'link-local' | 'private' | 'public';

const RANGES: Record<Exclude<Zone, 'public'>, [network: string, prefix: number][]> = {
  loopback: [
    ['127.0.0.0', 8],
    ['0.0.0.0', 8],
    ['::1', 128],
    ['::', 128],
  ],
  'link-local': [
    ['169.254.0.0', 16],
    ['fe80::', 10],
  ],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['fc00::', 7],
  ],
};

const ZONES = Object.entries(RANGES).map(([zone, ranges]) => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return [zone as Zone, list] as const;
});

/** The zone of an IP address, 4 or 6 (https://www.iana.org/assignments/iana-ipv4-special-registry). */
export function zoneOf(address: string): Zone {
  // IPv4 within IPv6, in either notation.
  const mapped = /^::ffff:(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? mappedInHex(address) ?? address;
  const family = isIP(mapped) === 6 ? 'ipv6' : 'ipv4';
  return ZONES.find(([, list]) => list.check(mapped, family))?.[0] ?? 'public';
}

function mappedInHex(address: string): string | undefined {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined) return undefined;
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/**
 * Whether a server in one zone may redirect to another: a public one must not reach into this machine or its networks, where
 * it could ask services that trust whoever is inside.
 */
export function mayRedirect(from: Zone, to: Zone): boolean {
  return to === 'public' || to === from || from === 'loopback';
}

/** The host name of a URL as IP address, where it is one. */
export function ipOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

/** The zones of all addresses of a host; none if there is no such host. */
export async function zonesOfHost(hostname: string, toZone = zoneOf): Promise<Zone[]> {
  const ip = ipOf(hostname);
  if (ip !== undefined) return [toZone(ip)];
  return new Promise((resolve) =>
    lookup(hostname, {all: true}, (error, addresses) =>
      resolve(error ? [] : addresses.map((found) => toZone(found.address))),
    ),
  );
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A `lookup` for connections that fails for hosts with an address in a zone that is not allowed. */
export function lookupWithin(isAllowed: (zone: Zone, hostname: string) => boolean, toZone = zoneOf) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookup(hostname, {...options, all: true}, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({address}) => !isAllowed(toZone(address), hostname));
      if (refused) return callback(new RefusedZone(hostname, toZone(refused.address)), []);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

const PLACES: Record<Zone, string> = {
  loopback: 'this machine',
  'link-local': 'the link of this machine',
  private: 'a private network',
  public: 'a public network',
};

/** A redirect leads into a zone that it must not reach. */
export class RefusedZone extends Error {
  constructor(hostname: string, zone: Zone) {
    super(`it redirects to ${hostname}, which is in ${PLACES[zone]}`);
  }
}
