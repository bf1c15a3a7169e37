import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from '../loopback.js';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Every address of a host name. Rejects as `dns.lookup` does. */
export type Lookup = (hostname: string) => Promise<readonly Address[]>;

export const lookUp: Lookup = hostname => systemLookup(hostname, { all: true });

/** Where a host may be reached; `problem` follows the host in a sentence. */
export type Reached = { readonly addresses: readonly Address[] } | { readonly problem: string };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What no API of a project has: places in this machine, this link or the cloud's own services, and ways to hide one of them. */
const special = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100.100.100.200', 32],
] as const)
  special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fd00:ec2::254', 128],
] as const)
  special.addSubnet(network, prefix, 'ipv6');

/** All addresses of a host, none of which may be out of bounds: a name that leads to one such is not trusted at all. */
export async function reach(hostname: string, look: Lookup): Promise<Reached> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses =
    isIP(literal) === 0 ? await look(hostname) : [{ address: literal, family: isIP(literal) }];
  const local = isLoopbackHost(hostname);
  const wrong = addresses.find(each => (local ? !isOn(loopback, each) : isOn(special, each)));
  if (wrong === undefined) return { addresses };
  return {
    problem: local
      ? `leads to ${wrong.address}, which is not this machine`
      : `leads to ${wrong.address}, a loopback, link-local or otherwise special address, which is never contacted`,
  };
}

function isOn(list: BlockList, { address, family }: Address): boolean {
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
